"""How Gensvar runs: web and worker, the demo, health, metrics, keys, advice."""

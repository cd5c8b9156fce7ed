import subprocess

from tools import node


def test_npm_runs_on_the_node_of_the_wheel():
    versions = subprocess.run(
        node.command("npm", "version", "--json"),
        env=node.environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert '"node": "24.' in versions

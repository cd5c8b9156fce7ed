# Not built where it was written: no Docker engine was there.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /app

# Dependencies change more rarely than the program, so they are a layer of their own.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation \
        --config-settings editable_mode=compat --editable . \
    && python -m compileall -q connectors widget plugin migrations \
    && useradd --system --no-create-home gensvar \
    && install -d -o gensvar -g gensvar -m 700 instance

USER gensvar
# The embedded database, and the keys made on the first start.
VOLUME /app/instance
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["gensvar"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

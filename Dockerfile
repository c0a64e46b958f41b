# One image for web, worker and beat; docker-compose.yml says which is which.
FROM python:3.12-slim AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.txt

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --no-create-home sightline
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
# What a process may write to: collected files now, beat's schedule later, and what people upload.
RUN mkdir .sightline /files && chown sightline .sightline /files \
    && SECRET_KEY=for-the-build-only DATABASE_URL=postgresql://nowhere/none REDIS_URL=redis://nowhere \
       python manage.py collectstatic --no-input --verbosity 0
USER sightline
EXPOSE 8000
# Asks by a name that ALLOWED_HOSTS allows. docker-compose.yml has other questions for worker and beat.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD python -c "import os, urllib.request as web; \
    host = os.environ.get('ALLOWED_HOSTS', '').split(',')[0].strip('.*') or 'localhost'; \
    web.urlopen(web.Request('http://127.0.0.1:8000/health/', headers={'Host': host}), timeout=4)"
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]

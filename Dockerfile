# The site and its worker, as a user without rights. Build: docker build -t smarketing .
FROM python:3.13-slim AS made
WORKDIR /app
COPY requirements/base.txt requirements/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN cp -r src/smarketing "$(/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/" \
 && printf '#!/venv/bin/python\nfrom smarketing.cli.__main__ import main\n\nmain()\n' > /venv/bin/smarketing \
 && chmod 755 /venv/bin/smarketing

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /home/smarketing --create-home smarketing \
 && install -d -o smarketing -g smarketing -m 700 /data
COPY --from=made /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 SMARKETING_HOME=/data
USER smarketing
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s CMD ["python", "-c", \
  "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/health/ready', headers={'Host': 'localhost'}), timeout=2)"]
ENTRYPOINT ["smarketing"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

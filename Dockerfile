# The steps live in .ci/image-steps, which `make image-check` runs too.
FROM python:3.11-slim AS build
COPY . /source
RUN bash /source/.ci/image-steps /source /opt/amends

FROM python:3.11-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libgomp1 tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 amends \
 && install -d -o amends -g amends /data /cache
COPY --from=build /opt/amends /opt/amends
ENV PATH=/opt/amends/bin:$PATH \
    AMENDS_DATA_DIR=/data \
    AMENDS_CACHE_DIR=/cache \
    AMENDS_SERVER__HOST=0.0.0.0
USER amends
WORKDIR /data
VOLUME ["/data", "/cache"]
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=2)"]
ENTRYPOINT ["tini", "--"]
CMD ["amends", "serve"]

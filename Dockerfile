# webexhist in a container: docs/container.md says how it is used.
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/webexhist && /opt/webexhist/bin/pip install --no-cache-dir /source

FROM python:3.13-slim
COPY --from=build /opt/webexhist /opt/webexhist
# Everything that stays lies in one volume: database, tokens and logs.
# Reports go into another, which whoever serves them may read: a new volume is owned as the folder in its place is.
RUN useradd --system --uid 10001 --home-dir /var/lib/webexhist --create-home webexhist \
    && install --directory --owner=webexhist --mode=755 /srv/report
ENV PATH=/opt/webexhist/bin:$PATH \
    WEBEXHIST_CONFIG=/etc/webexhist/webexhist.cfg \
    WEBEXHIST_STATE_DIR=/var/lib/webexhist
USER 10001
WORKDIR /var/lib/webexhist
VOLUME /var/lib/webexhist
# Healthy is who has a snapshot of the last quarter of an hour. What it says of licenses is no matter of the container's.
HEALTHCHECK --interval=5m --timeout=30s --start-period=10m \
    CMD webexhist check --quiet --max-age 900; [ $? -ne 3 ]
ENTRYPOINT ["webexhist"]
CMD ["status"]

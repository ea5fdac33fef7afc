# Finch with its own Java runtime. Build the image's content first, on the same kind of processor:
#   mvn -B package -DskipTests && docker build -t finch .
# Reviewed by hand; not built in this project's tests, which have no container engine.
FROM debian:bookworm-slim

# libgomp1 and libstdc++6 are what the shipped llama.cpp links against.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates libgomp1 libstdc++6 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --create-home --home-dir /var/lib/finch finch

COPY --chown=root:root target/finch-image /opt/finch
RUN ln -s /opt/finch/bin/finch /usr/local/bin/finch

ENV XDG_STATE_HOME=/var/lib/finch/state \
    XDG_CACHE_HOME=/var/cache/finch \
    HF_HOME=/var/cache/finch/huggingface
RUN mkdir -p /var/cache/finch /var/lib/finch/state && chown -R 10001 /var/cache/finch /var/lib/finch
USER 10001
VOLUME /var/cache/finch
EXPOSE 11435

# Reachable from outside of the container, so Finch asks for a key: set FINCH_API_KEY.
ENTRYPOINT ["finch"]
CMD ["serve", "--host", "0.0.0.0"]

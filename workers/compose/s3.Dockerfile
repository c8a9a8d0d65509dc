# One machine's Ceph S3 gateway, of the packages that the tests run: one copy of everything, on one disk.
FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ceph-mon ceph-osd radosgw ceph-common curl uuid-runtime \
  && rm -rf /var/lib/apt/lists/*
COPY s3.sh /usr/local/bin/s3.sh
RUN mkdir /data && chown nobody:nogroup /data
USER nobody
VOLUME /data
ENTRYPOINT ["bash", "/usr/local/bin/s3.sh"]

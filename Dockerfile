# Builds the image of the emulator: `docker build -t fauxgen .`, then `docker run -p 4600:4600 fauxgen`.
# NODE_IMAGE and BASE_IMAGE must have the same C library. BASE_IMAGE needs only the libraries of Node.js itself.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
# The driver's binary to keep, of eight: linux-x64 or linux-arm64 (linux-arm64 is not verified).
ARG SQLITE_BINARY=linux-x64
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No package needs an install script: the database driver includes its binaries, and the image has its own Node.js.
RUN npm ci --ignore-scripts
COPY tsconfig.json rolldown.config.js ./
COPY src src
COPY docker/prune-modules.sh docker/
RUN npm run build && npm prune --omit=dev --ignore-scripts && sh docker/prune-modules.sh "${SQLITE_BINARY}"
COPY fixtures fixtures
# A volume mounted at /authority gets the owner of this folder, so `--tls --tls-authority /authority/ca.pem` can write there.
RUN mkdir authority

FROM ${BASE_IMAGE}
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="fauxgen" \
      org.opencontainers.image.description="Emulates vendors of asynchronous AI media generation" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/fixtures fixtures
COPY --from=build --chown=1000:1000 /build/authority /authority
# The host and port are environment variables, so that a user's arguments do not replace them.
ENV NODE_ENV=production \
    FAUXGEN_HOST=0.0.0.0 \
    FAUXGEN_PORT=4600
USER 1000:1000
EXPOSE 4600
HEALTHCHECK --interval=2s --timeout=3s --start-period=10s --retries=5 CMD ["node", "/app/dist/cli.js", "healthcheck"]
ENTRYPOINT ["node", "/app/dist/cli.js"]

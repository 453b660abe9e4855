# The application. PostgreSQL runs beside it (docker-compose.yml); the embedded one is for trying out.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Test and lint tools stay out.
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    PUENTE_DATA_DIR=/data \
    PUENTE_HOST=0.0.0.0 \
    PORT=3000
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin puente \
    && mkdir /data && chown puente:puente /data
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY bin bin
COPY src src
COPY schemas schemas
COPY locales locales
COPY migrations migrations
USER puente
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/puente"]
CMD ["serve"]

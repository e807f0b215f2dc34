FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Of each font only the weights that charts and PDFs use: the others are 80 MB.
RUN npm ci --omit=dev && find node_modules/@expo-google-fonts -name '*.ttf' \
  ! -name 'Inter_400Regular.ttf' ! -name 'Inter_600SemiBold.ttf' \
  ! -name 'NotoSansSC_400Regular.ttf' ! -name 'NotoEmoji_400Regular.ttf' -delete

FROM node:24-slim AS base
# Git pushes published postmortems, where muster.yaml names a repository.
RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/muster.db \
    # Fits a container of 512 MB: docs/decisions/0006-what-a-start-loads.md has the figures.
    NODE_OPTIONS="--max-old-space-size=256 --max-semi-space-size=4"
WORKDIR /app
RUN mkdir /data && chown node:node /data
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["node", "bin/muster.js"]

# A clone, with every package.
FROM base AS clone
ENV NODE_ENV=development
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY manifest.yml LICENSE ./
COPY bin ./bin
COPY src ./src
COPY commands ./commands
COPY templates ./templates
COPY migrations ./migrations

# `docker build --target demo`: the browser workspace, with no account.
FROM clone AS demo
COPY sandbox ./sandbox
USER node
CMD ["demo"]

FROM clone AS built
COPY build ./build
RUN npm run build

FROM base
COPY --from=packages /app/node_modules ./node_modules
COPY --from=built /app/dist ./
# Without settings it loads everything and ends: that fills the compile cache, which nobody may write to at run time.
RUN node bin/muster.js serve 2> /dev/null; test -d node_modules/.cache/muster
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["serve"]

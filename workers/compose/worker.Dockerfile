# The workers of this repository, run from its TypeScript. Context: the repository.
FROM node:24-bookworm-slim
WORKDIR /custody
COPY package.json package-lock.json tsconfig.json ./
COPY packages ./packages
COPY workers ./workers
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force
# A volume takes over who owns the folder it is mounted on.
RUN mkdir /scratch && chown node:node /scratch
USER node
ENV NODE_ENV=production
ENTRYPOINT ["node", "workers/bin/custody-worker.js"]
CMD ["run"]

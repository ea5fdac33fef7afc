// Drives Hugging Face's own JavaScript client on a cache: `scan CACHE` lists it, `get HUB CACHE REPO
// COMMIT PATH` gives the path of a file, fetching it where it is not there.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.env.HUB_MODULES + "/"));
const { scanCacheDir, downloadFileToCacheDir } = require("@huggingface/hub");
const [command, ...args] = process.argv.slice(2);
console.debug = () => {};

if (command === "scan") {
  const { repos, warnings } = await scanCacheDir(args[0]);
  const files = repos.flatMap((repo) =>
    repo.revisions.flatMap((revision) =>
      revision.files.map((file) => ({
        repo: repo.id.name,
        commit: revision.commitOid,
        refs: revision.refs,
        path: file.path,
        size: file.blob.size,
      })),
    ),
  );
  console.log(JSON.stringify({ warnings: warnings.map(String), files }));
} else {
  const [hubUrl, cacheDir, repo, revision, path] = args;
  console.log(JSON.stringify({ path: await downloadFileToCacheDir({ repo, path, revision, hubUrl, cacheDir }) }));
}

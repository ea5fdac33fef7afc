"""Drives Hugging Face's own Python client on a cache: `scan CACHE` lists it, `get HUB CACHE REPO
COMMIT PATH` gives the path of a file, fetching it where it is not there."""

import json
import os
import sys

command, *args = sys.argv[1:]
if command == "get":
    os.environ["HF_ENDPOINT"] = args[0]

from huggingface_hub import hf_hub_download, scan_cache_dir

if command == "scan":
    scan = scan_cache_dir(args[0])
    files = [
        {
            "repo": repo.repo_id,
            "commit": revision.commit_hash,
            "refs": sorted(revision.refs),
            "path": file.file_name,
            "size": file.size_on_disk,
        }
        for repo in scan.repos
        for revision in repo.revisions
        for file in revision.files
    ]
    print(json.dumps({"warnings": [str(warning) for warning in scan.warnings], "files": files}))
else:
    _, cache, repo, commit, path = args
    print(json.dumps({"path": hf_hub_download(repo, path, revision=commit, cache_dir=cache)}))

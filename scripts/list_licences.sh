#!/usr/bin/env bash
# docs/licences.md: the licence of every package of requirements.lock, as its own metadata states it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cat << 'INTRODUCTION'
# Licences of the packages

Written by `make licences`, from the metadata of every package that `requirements.lock` pins, those for development included.
None of them is part of the project: pip installs each from the package index.

| explained | why it may be used |
|---|---|
| axe-playwright-python | its metadata name no licence, the licence file in it is the MIT License, and axe-core inside is MPL-2.0. For the tests of the report only |
| psycopg2-binary | LGPL: used as it is, through its interface, and only where PostgreSQL is the home |
| text-unidecode | Artistic License or GPL, as the user likes: the Artistic License. dbt brings it |

INTRODUCTION
.venv-supply/bin/pip-licenses --python .venv/bin/python --from=mixed --no-version --format=markdown --ignore-packages leadsignal pip setuptools \
    | sed 's/  */ /g'

#!/bin/sh
# Makes the seeds of the targets from the corpus of the tests: corpus/<target>/.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/classify corpus/raw_message corpus/structured corpus/page

# The heads: what case.json says of status, headers and address.
awk '
    function finish() {
        if (name == "") return
        printf "%s %s\n%s\n", status, url, headers > ("corpus/classify/" name)
        printf "HTTP/2 %s\n%s\n", status == "" ? 200 : status, headers > ("corpus/raw_message/" name)
        close("corpus/classify/" name)
        close("corpus/raw_message/" name)
    }
    FNR == 1 {
        finish()
        parts = split(FILENAME, folders, "/")
        name = folders[parts - 1]
        status = url = headers = ""
    }
    /^    "status": [0-9]+/ { status = $2; sub(",", "", status) }
    /^    "url": "/ { url = $2; gsub("^\"|\",*$", "", url) }
    /^      \["/ {
        line = $0
        gsub("^ *\\[\"|\"\\],*$", "", line)
        sub("\", \"", ": ", line)
        gsub("\\\\\"", "\"", line)
        headers = headers line "\n"
    }
    END { finish() }
' ../tests/corpus/*/*/case.json

for body in ../tests/corpus/*/*/body.*; do
    folder=${body%/*}
    name=${folder##*/}
    cat "$body" >>"corpus/classify/$name"
    cat "$body" >>"corpus/raw_message/$name"
    case $body in
    *.html) cp "$body" "corpus/page/$name" ;;
    *.json) cp "$body" "corpus/structured/$name" ;;
    esac
done

#! /bin/sh
# setowner UID PATH...: gives each path, and what is below it, to a user. A path that is already
# theirs is left alone, since walking through years of uploads at every start takes long.
set -e
owner=$1
shift
for path; do
    current=$(stat -c %u "$path")
    if [ "$current" = "$owner" ]; then
        echo "$path: belongs to $owner"
    else
        echo "$path: from $current to $owner"
        chown -R "$owner" "$path"
    fi
done

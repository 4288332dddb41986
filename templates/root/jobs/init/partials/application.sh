{#- Shell functions that the init tasks of both applications use. `service` is lms or cms. -#}
wait_for() {
    dockerize -wait "tcp://$1" -timeout 20s
}

# Before uploads were shared by the two applications, each kept them in its own folder.
adopt_old_uploads() {
    old=/openedx/data/uploads
    [ -d "$old" ] || return 0
    if [ -n "$(ls -A "$old")" ]; then
        echo "Moving uploaded files to the shared folder"
        mv "$old"/* /openedx/media/
        rm -rf "$old"
    fi
}

# Releases with the authorization framework have policies to load.
load_policies() {
    if python -c "import openedx_authz" 2>/dev/null; then
        ./manage.py {{ service }} load_policies
    else
        echo "No openedx-authz in this image: no policies to load"
    fi
}

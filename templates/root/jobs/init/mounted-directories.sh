# Folders of the host, mounted over those of the image, hide what the image's build had put there.
# This makes it again. Runs in the `lms` job.

# Python packages below /mnt: without its egg-info, an editable package is not installed.
for package in /mnt/*; do
    [ -f "$package/setup.py" ] || continue
    if ! ls -d "$package"/*.egg-info >/dev/null 2>&1; then
        echo "Installing $package"
        pip install -e "$package"
    fi
done

# The platform: the image's own checkout contains a file by which it is known.
if [ -e /openedx/edx-platform/bindmount-canary ]; then
    echo "The platform is the image's own"
else
    echo "The platform is mounted: installing it, its node modules, its assets"
    pip install -e .
    npm clean-install
    npm run build-dev
fi

# Sourced after common.sh by the scripts that run programs of another Debian beside this machine's own.

# debian RELEASE ARCHITECTURE PACKAGES FOLDER: unpacks those packages, and what they depend on. As root.
# The index of a moving release is valid for a week only, and a mirror may be older.
debian() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' |
    head -n 1)
  rm -rf "$4" &&
    mkdir -p "$4" &&
    mmdebstrap --quiet --mode=root --variant=extract --aptopt='Acquire::Check-Valid-Until "false"' \
      --architectures="$2" --include="$3" "$1" "$4" $mirror
}

# uproot FOLDER: lets what `debian` has unpacked be used from where it lies: no link or device of the
# folder hides the machine's own.
uproot() {
  local link
  rm -rf "$1"/{dev,proc,run,sys,tmp,var}
  find "$1" -type l -lname '/*' | while read -r link; do
    ln -sfn "$1$(readlink "$link")" "$link"
  done
}

# with_own_libc FOLDER LOADER TRIPLET PROGRAM...: such programs run with the C library of their folder.
with_own_libc() {
  local program
  for program in "${@:4}"; do
    patchelf --set-interpreter "$1/$2" --force-rpath \
      --set-rpath "\$ORIGIN/../lib:\$ORIGIN:$1/lib/$3:$1/usr/lib/$3" "$program" || return
  done
}

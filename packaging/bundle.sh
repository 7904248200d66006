#!/usr/bin/env bash
# Makes the folder that an office without internet installs from: all wheels for one platform, the vectors
# of the law package, install.sh, a note in Chinese, and the checksums of them all.
#
#   packaging/bundle.sh VENV FOLDER MACHINE VECTORS
#
# VENV is a finished environment of `make setup`; the wheels are for its Python. MACHINE is x86_64 or
# aarch64. VECTORS is yes or no: they take some minutes to compute and are kept in build/bundle-home.
set -euo pipefail

venv=$1 folder=$2 machine=$3 vectors=$4
here=$(cd "$(dirname "$0")" && pwd)
pip=("$venv/bin/python" -m pip --disable-pip-version-check)
python=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')

say() { printf '── %s\n' "$*"; }

case $machine in
    x86_64 | aarch64) ;;
    *) echo "不支持的平台：$machine（可用 x86_64、aarch64）。" >&2; exit 2 ;;
esac
case $vectors in
    yes | no) ;;
    *) echo "VECTORS 只能是 yes 或 no。" >&2; exit 2 ;;
esac

# pip itself travels too: Debian's Python has none without python3-venv
pip_release=pip==$("$venv/bin/python" -c 'import pip; print(pip.__version__)')

wheels_for_this_machine() {
    "${pip[@]}" wheel -c constraints.txt -w "$folder/wheels" . "$pip_release"
}

wheels_for_another_machine() {
    # What comes as source only is plain Python and is built here; all else must be there as a wheel.
    "${pip[@]}" wheel --no-deps -c constraints.txt -w "$folder/wheels" . jieba "$pip_release"
    local platforms=() tag
    for tag in manylinux_2_36 manylinux_2_35 manylinux_2_34 manylinux_2_31 manylinux_2_28 manylinux_2_27 \
        manylinux_2_26 manylinux_2_24 manylinux_2_17 manylinux2014 linux; do
        platforms+=(--platform "${tag}_$machine")
    done
    "${pip[@]}" download --only-binary=:all: "${platforms[@]}" --python-version "$python" -c constraints.txt \
        --find-links "$folder/wheels" -d "$folder/wheels" "$folder"/wheels/gongzhi-*.whl
}

say "收集安装包：Python $python，$machine"
rm -rf "$folder"
mkdir -p "$folder/wheels"
if [ "$machine" = "$(uname -m)" ]; then wheels_for_this_machine; else wheels_for_another_machine; fi

if [ "$vectors" = yes ]; then
    export GONGZHI_HOME=$PWD/build/bundle-home
    say "载入法律"
    "$venv/bin/gongzhi" laws
    say "计算法条的向量（约数分钟，中断后再运行即可接着算）"
    "$venv/bin/gongzhi" index --export "$folder/vectors.gzv"
fi

say "写入安装脚本与说明"
printf 'python=%s\nmachine=%s\n' "$python" "$machine" > "$folder/PLATFORM"
install -m 755 "$here/install.sh" "$folder/install.sh"
version=$(basename "$folder"/wheels/gongzhi-*.whl | cut -d- -f2)
sed -e "s/@VERSION@/$version/g" -e "s/@PYTHON@/$python/g" -e "s/@MACHINE@/$machine/g" \
    "$here/bundle-readme.txt" > "$folder/README.txt"
cp LICENSE NOTICE "$folder/"
(cd "$folder" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
say "完成：$folder（$(find "$folder/wheels" -name '*.whl' | wc -l) 个安装包，共 $(du -sh "$folder" | cut -f1)）"

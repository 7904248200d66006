#!/usr/bin/env bash
# Installs Gongzhi from this folder, without any network.
#
#   ./install.sh [FOLDER]      FOLDER is where the program goes (default: ~/gongzhi)
#
# PYTHON names another Python than python3. Data goes to GONGZHI_HOME (default: ~/.gongzhi).
set -euo pipefail

source=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$HOME/gongzhi}
python=${PYTHON:-python3}

say() { printf '── %s\n' "$*"; }
refuse() { printf '%s\n' "$*" >&2; exit 1; }

value() { sed -n "s/^$1=//p" "$source/PLATFORM"; }

say "检查环境"
[ "$(uname -m)" = "$(value machine)" ] || refuse "这份安装包适用于 $(value machine)，本机是 $(uname -m)。请换用本机平台的安装包。"
command -v "$python" > /dev/null || refuse "找不到 $python。请先安装 Python $(value python)，或用 PYTHON=… ./install.sh 指定。"
have=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$have" = "$(value python)" ] || refuse "这份安装包适用于 Python $(value python)，$python 是 $have。请用 PYTHON=python$(value python) ./install.sh 指定，或换用 Python $have 的安装包。"
if [ -e "$folder" ] && [ ! -f "$folder/pyvenv.cfg" ] && [ -n "$(ls -A "$folder")" ]; then
    refuse "$folder 已存在，而且不是共治的程序目录。请另选一个：./install.sh 目录"
fi

say "核对文件"
(cd "$source" && sha256sum --quiet -c SHA256SUMS) || refuse "文件不完整或已损坏，请重新复制整个文件夹。"

say "安装程序到 $folder"
"$python" -m venv --without-pip "$folder"
# pip runs from its own wheel, with no configuration of this machine, and looks nowhere but here
PIP_CONFIG_FILE=/dev/null "$folder/bin/python" "$(echo "$source"/wheels/pip-*.whl)/pip" --isolated install \
    --disable-pip-version-check --no-compile --no-index --find-links "$source/wheels" --upgrade gongzhi
"$folder/bin/python" -W ignore -m compileall -qq -j 0 "$folder/lib" || true

say "载入法律"
"$folder/bin/gongzhi" laws
if [ -f "$source/vectors.gzv" ]; then
    say "导入法条的向量"
    "$folder/bin/gongzhi" index --import "$source/vectors.gzv"
else
    say "这份安装包不带向量：可先按词语检索；要按含义检索，请运行 $folder/bin/gongzhi index"
fi

say "自检"
"$folder/bin/gongzhi" doctor
say "完成。请运行 $folder/bin/gongzhi --help"

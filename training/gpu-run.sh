#!/usr/bin/env bash
# One bounded run on a machine with a GPU: pack carried pictures, train, evaluate, leave checkpoint and weights in OUT.
#
#   gpu-run.sh CARRY OUT MINUTES [START] [PARTS] [BATCH] [TUNE] [OPTIONS...]
#
# CARRY holds photos/ (from prepare.py --carry-mb) and images/ (PNG pictures to evaluate on). START is a checkpoint to begin from, or
# the word none; PARTS defaults to prior,synthesis,analysis; TUNE, which needs a START, is psnr or perceptual, or empty; OPTIONS, like
# --muon --qualities 64,168, go to train.py. OUT gets codec-ema.pt, averaged weights in half precision for `train.py --start` and
# `export.py`, and train.log.
set -euo pipefail
cd "$(dirname "$0")"
carry=$1 out=$2 minutes=$3 start=${4:-none} parts=${5:-prior,synthesis,analysis} batch=${6:-32} tune=${7:-}
more=("${@:8}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 prepare.py "$carry/photos" "$work" --scale 1
if [ "$start" = none ]; then from=(); else from=(--start "$start"); fi
if [ -n "$tune" ]; then from+=(--tune "$tune"); fi
PYTHONUNBUFFERED=1 python3 train.py --data "$work" --out "$work/codec.pt" --train "$parts" --minutes "$minutes" --batch "$batch" \
    --images "$carry/images" --report 2 "${from[@]}" "${more[@]}" 2>&1 | tee "$out/train.log"
python3 - "$work/codec.pt" "$out/codec-ema.pt" <<'PY'
import sys
import torch
c = torch.load(sys.argv[1], map_location='cpu')
half = {k: v.half() if v.is_floating_point() and not k.startswith('prior.') else v for k, v in c['ema'].items()}
torch.save({'shape': c['shape'], 'ema': half, 'step': c['step'], 'minutes': c['minutes']}, sys.argv[2])
PY
python3 evaluate.py "$out/codec-ema.pt" --images "$carry/images" | tee "$out/evaluation.txt"

"""Tiny stand-in weights for VieNeu-TTS v3 Turbo and v3 Nano, laid out as a Hugging Face home (about 230 kB in all).

The unmodified package loads and runs them offline: its tokenizer, prompts, ONNX sessions, sampling, end of speech and codec
are all real. The sound is a buzz whose length follows the text, with a little silence at both ends.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper, parser

REV = "0" * 39 + "1"
H, NVQ, V, VT = 16, 16, 1024, 640  # hidden, codebooks, codes per book, text vocabulary
TPS, TPE, SGS, EOS, REF, FIRST = 3, 4, 5, 6, 7, 20
CHARS = [chr(c) for c in [*range(32, 127), *range(0xA0, 0x180), *range(0x250, 0x370)]]  # covers sea-g2p's phonemes

# Hidden channel 0 counts phoneme tokens, channel 1 is the end-of-speech score.
PREFILL = """prefill (float[1,T,16] inputs_embeds) => (float[1,T,16] hidden, float[1,1,1,1] k, float[1,1,1,1] v)
<float[16] e0, int64[4] one4, int64[1] i1> {
  flag = Mul(inputs_embeds, e0)  count = ReduceSum<keepdims=0>(flag)  k = Reshape(count, one4)
  shape = Shape(inputs_embeds)  n = Gather(shape, i1)  nf = Cast<to=1>(n)  v = Reshape(nf, one4)
  hidden = Tanh(inputs_embeds)
}"""
DECODE = """decode (float[1,1,16] inputs_embeds, int64[1,1] position_ids, float[1,1,1,1] past_k_0, float[1,1,1,1] past_v_0)
=> (float[1,1,16] hidden, float[1,1,1,1] k, float[1,1,1,1] v) <float[16] e1, float[16] not1, float rate, int64[3] one3> {
  pf = Cast<to=1>(position_ids)  age = Sub(pf, past_v_0)  want = Mul(past_k_0, rate)  s = Sub(age, want)
  s3 = Reshape(s, one3)  eos = Mul(s3, e1)  t = Tanh(inputs_embeds)  body = Mul(t, not1)  hidden = Add(body, eos)
  k = Identity(past_k_0)  v = Identity(past_v_0)
}"""
ACOUSTIC = """acoustic (float[1,N,16] token_emb, int64[1,N] position_ids, float[1,1,P,16] past_k_0, float[1,1,P,16] past_v_0)
=> (float[1,N,16] hidden, float[1,1,P,16] k, float[1,1,P,16] v) <float[16] e1, int64 zero, int64[1] two> {
  first = Equal(position_ids, zero)  m = Unsqueeze(first, two)  score = Mul(token_emb, e1)
  hidden = Where(m, score, token_emb)  k = Identity(past_k_0)  v = Identity(past_v_0)
}"""
CODEC = """codec (int32[1,T,16] audio_codes, int32[1] audio_code_lengths) => (float[1,2,S] audio, int32[1] audio_lengths)
<float[3840] wave, int64[1] one, int64[1] last, int64[1] axis1, int64[6] pads, int64[3] flat, int64 zero,
 float scale, float base, int32 spf> {
  c0 = Gather<axis=2>(audio_codes, zero)  cf = Cast<to=1>(c0)  a0 = Mul(cf, scale)  a1 = Add(a0, base)
  a2 = Unsqueeze(a1, last)  inner = Slice(a2, one, last, axis1)  amp = Pad(inner, pads)
  y = Mul(amp, wave)  mono = Reshape(y, flat)  audio = Concat<axis=1>(mono, mono)  audio_lengths = Mul(audio_code_lengths, spf)
}"""
TEXT_ENC = """te (int64[1,L] ids, float[1,S,C] style) => (float[1,L,1] ctx) <int64[1] two> {
  f = Cast<to=1>(ids)  ctx = Unsqueeze(f, two) }"""
DURATION = """dur (float[1,L,1] ctx, bool[1,L] ctx_mask, float[1,192] spk) => (float[1] log_secs) <float rate, int64[1] one> {
  f = Cast<to=1>(ctx_mask)  n = ReduceSum<keepdims=0>(f)  secs = Mul(n, rate)  l = Log(secs)  log_secs = Reshape(l, one) }"""
VECTOR = """ve (float[1,144,T] x, float[1] t, float[1,L,1] ctx, bool[1,L] ctx_mask, float[1,192] spk, float[1,S,C] style)
=> (float[1,144,T] v) { v = Neg(x) }"""
NANO_DEC = """dec (float[1,144,T] x) => (float[1,1,S] wav) <float[1536] wave, int64[1] one, int64[3] perm3, int64[3] flat, float base> {
  a = ReduceMean<axes=[1], keepdims=0>(x)  b = Abs(a)  c = Add(b, base)  d = Reshape(c, perm3)  y = Mul(d, wave)
  wav = Reshape(y, flat) }"""


def save(path, text, **consts):
    m = parser.parse_model('<ir_version: 8, opset_import: ["" : 17]>\n' + text)
    for init in list(m.graph.initializer):
        m.graph.initializer.remove(init)
    for name, val in consts.items():
        m.graph.initializer.append(numpy_helper.from_array(np.asarray(val), name))
    onnx.checker.check_model(m)
    path.write_bytes(m.SerializeToString())


def repo(home, repo_id):
    d = Path(home) / "hub" / ("models--" + repo_id.replace("/", "--"))
    (d / "refs").mkdir(parents=True, exist_ok=True)
    (d / "refs" / "main").write_text(REV)
    s = d / "snapshots" / REV
    s.mkdir(parents=True, exist_ok=True)
    return s


def unit(i):
    e = np.zeros(H, np.float32)
    e[i] = 1
    return e


def f32(x):
    return np.float32(x)


def buzz(n, hz, sr):
    t = np.arange(n) / sr
    return (sum(np.sin(2 * np.pi * hz * h * t) / h for h in (1, 2, 3, 5, 8)) * 0.4).astype(np.float32)


def turbo(home, rate=0.53, subfolders=("onnx_update", "onnx_int8")):
    rng = np.random.default_rng(0)
    root = repo(home, "pnnbao-ump/VieNeu-TTS-v3-Turbo")
    cfg = {
        "n_vq": NVQ,
        "hidden_size": H,
        "num_hidden_layers": 1,
        "local_num_hidden_layers": 1,
        "local_num_attention_heads": 1,
        "audio_pad_token_id": V,
        "text_prompt_start_token_id": TPS,
        "text_prompt_end_token_id": TPE,
        "speech_generation_start_token_id": SGS,
        "speech_generation_end_token_id": EOS,
        "audio_ref_slot_token_id": REF,
        "text_vocab_size": VT,
        "default_style_token_id": 16,
        "use_speaker_embedding": True,
        "speaker_embedding_dim": 192,
    }
    (root / "config.json").write_text(json.dumps(cfg))
    text = np.zeros((VT, H), np.int8)
    text[FIRST:, 0] = 1  # phoneme tokens
    text[EOS, 1] = 1
    text[SGS, 3:] = rng.integers(-2, 3, H - 3)
    audio = rng.integers(-2, 3, (NVQ, V, H)).astype(np.int8)
    audio[:, :, :2] = 0
    ln = np.full(H, 0.1, np.float32)
    ln[:2] = 0
    vocab = {"[UNK]": FIRST, **{c: FIRST + 1 + i for i, c in enumerate(CHARS)}}
    tok = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "post_processor": None,
        "decoder": None,
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": False},
        "model": {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"},
    }
    for sub in subfolders:
        d = root / sub
        d.mkdir(exist_ok=True)
        (d / "config.json").write_text(json.dumps(cfg))
        (d / "tokenizer.json").write_text(json.dumps(tok, ensure_ascii=False), encoding="utf-8")
        (d / "vieneu_backbone_shared.data").write_bytes(b"\0")
        np.savez_compressed(
            d / "vieneu_v3_heads.npz",
            text_emb=text,
            audio_emb=audio,
            xvec_ln_eps=1e-5,
            xvec_w=rng.integers(-1, 2, (H, 192)).astype(np.int8),
            xvec_b=np.zeros(H, np.int8),
            xvec_ln_w=ln,
            xvec_ln_b=np.zeros(H, np.int8),
        )
        save(d / "vieneu_prefill.onnx", PREFILL, e0=unit(0), one4=np.ones(4, np.int64), i1=np.array([1]))
        save(
            d / "vieneu_decode_step.onnx",
            DECODE,
            e1=unit(1),
            not1=1 - unit(1),
            rate=f32(rate),
            one3=np.ones(3, np.int64),
        )
        save(d / "vieneu_acoustic_cached.onnx", ACOUSTIC, e1=unit(1), zero=np.int64(0), two=np.array([2]))
    c = repo(home, "OpenMOSS-Team/MOSS-Audio-Tokenizer-Nano-ONNX")
    save(
        c / "moss_audio_tokenizer_decode_full.onnx",
        CODEC,
        wave=buzz(3840, 150, 48000),
        one=np.array([1]),
        last=np.array([-1]),
        axis1=np.array([1]),
        pads=np.array([0, 1, 0, 0, 1, 0]),
        flat=np.array([1, 1, -1]),
        zero=np.int64(0),
        scale=f32(0.2 / V),
        base=f32(0.05),
        spf=np.int32(3840),
    )
    for name in ("decode_shared.data", "decode_step.onnx", "encode.onnx", "encode.data"):
        (c / f"moss_audio_tokenizer_{name}").write_bytes(b"\0")  # fetched, but not opened by infer()
    (c / "codec_browser_onnx_meta.json").write_text("{}")


def nano(home, secs_per_phone=0.045):
    d = repo(home, "pnnbao-ump/VieNeu-TTS-v3-Nano")
    vocab = {c: 3 + i for i, c in enumerate(CHARS)}
    (d / "config.json").write_text(
        json.dumps({"vocab": vocab, "bos_id": 1, "eos_id": 2, "pad_id": 0, "group": 6, "flow_fps": 15.625})
    )
    np.savez_compressed(d / "constants.npz", null_spk=np.zeros(192, np.int8), null_style=np.zeros((50, 256), np.int8))
    save(d / "text_encoder.onnx", TEXT_ENC, two=np.array([2]))
    save(d / "duration_predictor.onnx", DURATION, rate=f32(secs_per_phone), one=np.array([1]))
    save(d / "vector_estimator.onnx", VECTOR)
    save(
        d / "codec_decoder.onnx",
        NANO_DEC,
        wave=buzz(1536, 156.25, 24000),
        one=np.array([1]),
        perm3=np.array([1, -1, 1]),
        flat=np.array([1, 1, -1]),
        base=f32(0.05),
    )

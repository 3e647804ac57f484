"""Writes embedding_gemma.jsonl and e5_small.jsonl: what the original library makes of our own texts, in full precision.

    python make_reference.py gemma FOLDER   # model.safetensors, config.json, 2_Dense/, 3_Dense/, tokenizer.json
    python make_reference.py e5 FILE        # the E5S1 file

Needs torch, transformers, sentence-transformers, tokenizers and numpy. EmbeddingGemma runs through sentence-transformers
from the original f32 weights. For e5 the weights are those of the 4-bit file, expanded to f32 and put into the library's
own BertModel, so that check is of our inference, not of the quantisation.
"""
import base64
import json
import struct
import sys
import unicodedata
from pathlib import Path

import numpy as np
import torch

from texts import texts

HERE = Path(__file__).parent


def write(name, rows, ids, vectors):
    """Writes one JSON object a line; a vector is int16 with one scale, little endian, base64."""
    with open(HERE / name, "w", encoding="utf-8") as out:
        for (text, purpose, title), tokens, vector in zip(rows, ids, vectors):
            vector = np.asarray(vector, dtype=np.float64)
            scale = float(np.abs(vector).max()) / 32767
            packed = base64.b64encode(np.round(vector / scale).astype("<i2").tobytes()).decode()
            line = {"text": text, "purpose": purpose, "title": title, "ids": tokens, "scale": scale, "vector": packed}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def gemma_prompt(text, purpose, title):
    if purpose == "query":
        return f"task: search result | query: {text}"
    return f"title: {title or 'none'} | text: {text}"


def gemma(folder):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(folder, device="cpu", model_kwargs={"dtype": torch.float32})
    rows = texts()
    prompts = [gemma_prompt(*row) for row in rows]
    ids = [model.tokenizer(p, truncation=True, max_length=2048)["input_ids"] for p in prompts]
    vectors = [model.encode([p], prompt="", normalize_embeddings=True)[0] for p in prompts]
    write("embedding_gemma.jsonl", rows, ids, vectors)


class E5File:
    """The E5S1 layout: header, tokenizer, normaliser, tensor directory."""

    def __init__(self, path):
        self.data = Path(path).read_bytes()
        self.at = 0
        assert self.data[:4] == b"E5S1"
        self.at = 4
        assert self.read("I") == 1
        self.hidden, self.layers, self.heads, self.inner, self.vocab, self.positions, self.types = (self.read("i") for _ in range(7))
        self.eps = self.read("f")
        self.read("i")
        count, self.bos, self.eos, self.pad, self.unk = (self.read("i") for _ in range(5))
        length = self.read("Q")
        offsets = [self.read("I") for _ in range(count + 1)]
        scores = [self.read("f") for _ in range(count)]
        blob = self.data[self.at:self.at + length]
        self.at += length
        self.pieces = [(blob[a:b].decode(), s) for a, b, s in zip(offsets, offsets[1:], scores)]
        entries = self.read("i")
        self.read("I")
        self.normal = {}
        for _ in range(entries):
            point, n = self.read("I"), self.read("B")
            self.normal[chr(point)] = "".join(chr(self.read("I")) for _ in range(n))
        self.tensors = {}
        for _ in range(self.read("i")):
            name = self.data[self.at + 2:self.at + 2 + self.peek("H")].decode()
            self.at += 2 + len(name)
            kind, n, offset, size = self.read("B"), self.read("I"), self.read("Q"), self.read("Q")
            self.tensors[name] = self.tensor(kind, n, offset, size)

    def peek(self, code):
        return struct.unpack_from("<" + code, self.data, self.at)[0]

    def read(self, code):
        value = self.peek(code)
        self.at += struct.calcsize("<" + code)
        return value

    def tensor(self, kind, n, offset, size):
        if kind == 0:
            return np.frombuffer(self.data, "<f4", n, offset).copy()
        blocks = np.frombuffer(self.data, np.uint8, size, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        quants = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
        return (quants * scale).reshape(-1)[:n]


def e5_tokens(file, unigram, text):
    text = unicodedata.normalize("NFC", text)
    text = "".join(file.normal.get(c, c) for c in text)
    while "  " in text:
        text = text.replace("  ", " ")
    if not text.startswith(" "):
        text = " " + text
    tokens = [t.id for t in unigram.tokenize(text.replace(" ", "\u2581"))]
    return [file.bos] + tokens[:file.positions - 2] + [file.eos]


def e5(path):
    from tokenizers import models
    from transformers import BertConfig, BertModel

    file = E5File(path)
    unigram = models.Unigram(file.pieces, unk_id=file.unk, byte_fallback=False)
    config = BertConfig(vocab_size=file.vocab, hidden_size=file.hidden, num_hidden_layers=file.layers, num_attention_heads=file.heads,
                        intermediate_size=file.inner, max_position_embeddings=file.positions, type_vocab_size=file.types, layer_norm_eps=file.eps)
    model = BertModel(config, add_pooling_layer=False).eval()
    names = {"emb.word": "embeddings.word_embeddings.weight", "emb.pos": "embeddings.position_embeddings.weight", "emb.type": "embeddings.token_type_embeddings.weight",
             "emb.ln.w": "embeddings.LayerNorm.weight", "emb.ln.b": "embeddings.LayerNorm.bias"}
    parts = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value", "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
             "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm"}
    for layer in range(file.layers):
        for short, long in parts.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    state = model.state_dict()
    given = {names[k]: torch.from_numpy(v[:state[names[k]].numel()]).reshape(state[names[k]].shape) for k, v in file.tensors.items()}
    missing, unexpected = model.load_state_dict(given, strict=False)
    assert not unexpected and all("position_ids" in m or "token_type_ids" in m for m in missing), (missing, unexpected)
    rows, ids, vectors = texts(), [], []
    for text, purpose, _ in rows:
        tokens = e5_tokens(file, unigram, ("query: " if purpose == "query" else "passage: ") + text)
        with torch.no_grad():
            mean = model(torch.tensor([tokens])).last_hidden_state[0].mean(0)
        ids.append(tokens)
        vectors.append((mean / mean.norm()).numpy())
    write("e5_small.jsonl", rows, ids, vectors)


if __name__ == "__main__":
    {"gemma": gemma, "e5": e5}[sys.argv[1]](sys.argv[2])

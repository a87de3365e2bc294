"""Tiny models of every family as Hugging Face's transformers writes and computes them: what ConfigFieldsTest and TransformersModelsTest read.

    python models.py            writes models-4.json or models-5.json beside this file, by the version that is installed

Made with transformers 5.24.0 and 4.57.1, torch 2.15.0. For each model: the config.json that save_pretrained wrote (or, where "edited", as it is here),
the tensors of the file, and logits in float64. Weights follow a formula of the tensor's name and the element's number (weight below), so none are stored.
"fields" has every field of the library's configuration class of each family: those of the class, of its base, its other names, and what generation reads.
"""
import dataclasses
import inspect
import json
import os
import sys
import tempfile
import zlib

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, GenerationConfig

IDS = [3, 1, 4, 1, 5, 2]
SOURCE = [3, 1, 4, 1, 5, 2, 6, 1]
VERSION = transformers.__version__
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
TINY = dict(vocab_size=7, max_position_embeddings=32, hidden_size=8, intermediate_size=6, num_hidden_layers=2, num_attention_heads=2)
FAMILIES = {
    "gpt2": dict(vocab_size=7, n_positions=16, n_embd=8, n_layer=2, n_head=2, bos_token_id=0, eos_token_id=1),
    "gpt_neox": dict(TINY, hidden_size=16, bos_token_id=0, eos_token_id=1),
    "llama": dict(TINY, num_key_value_heads=1, bos_token_id=0, eos_token_id=1),
    "mistral": dict(TINY, num_key_value_heads=1, bos_token_id=0, eos_token_id=1, sliding_window=None),
    "qwen2": dict(TINY, num_key_value_heads=1),
    "qwen3": dict(TINY, num_key_value_heads=1, head_dim=6),
    "t5": dict(vocab_size=7, d_model=8, d_kv=3, d_ff=6, num_layers=2, num_heads=2, relative_attention_num_buckets=8, relative_attention_max_distance=6,
               decoder_start_token_id=0),
}
ROTARY = [dict(rope_theta=500.0), dict(rope_scaling=dict(rope_type="linear", factor=2.0)), dict(rope_theta=500.0, rope_scaling=LLAMA3)]
if VERSION.startswith("5"):
    ROTARY += [dict(rope_parameters=dict(rope_type="linear", factor=2.0, rope_theta=700.0)), dict(rope_parameters=dict(LLAMA3, rope_theta=700.0)),
               dict(rope_parameters=dict(rope_theta=700.0))]
WINDOWS = [dict(use_sliding_window=True, sliding_window=4, max_window_layers=2), dict(use_sliding_window=True, sliding_window=32, max_window_layers=0),
           dict(use_sliding_window=True, sliding_window=4, layer_types=["full_attention"] * 2), dict(use_sliding_window=False, sliding_window=4)]
SAVED = {
    "gpt2": [dict(activation_function=f) for f in ("gelu_fast", "gelu_pytorch_tanh")] + [dict(attn_pdrop=0.5), dict(layer_norm_epsilon=1e-2)],
    "gpt_neox": [dict(use_parallel_residual=False), dict(attention_bias=False), dict(rotary_pct=0.5, rotary_emb_base=500), dict(hidden_act="gelu_fast"),
                 dict(rope_scaling=dict(rope_type="linear", factor=2.0))],
    "llama": ROTARY + [dict(num_key_value_heads=None), dict(head_dim=6), dict(hidden_act="swish"), dict(pretraining_tp=2)],
    "mistral": [dict(rope_theta=500.0), dict(sliding_window=32), dict(sliding_window=1000, num_key_value_heads=2)],
    "qwen2": ROTARY[:2] + WINDOWS,
    "qwen3": ROTARY[:2] + WINDOWS,
    "t5": [dict(feed_forward_proj="gated-gelu"), dict(feed_forward_proj="gated-gelu", tie_word_embeddings=False), dict(num_decoder_layers=1),
           dict(eos_token_id=[1, 2])],
}
# edited by hand after saving: the library computes something else, which must be refused by the name of the field
REFUSED = [("is_causal", dict(is_causal=False))] if VERSION.startswith("5") else []
REFUSED_ROTARY = [("rope_parameters.full_attention", dict(rope_parameters=dict(full_attention=dict(rope_type="default", rope_theta=700.0)))),
                  ("rope_theta", dict(rope_theta=500.0, rope_parameters=dict(rope_type="default", rope_theta=700.0)))] if VERSION.startswith("5") else []


def weight(name, i):
    """Between -0.5 and 0.5, by 2^-16; exact in float32."""
    return ((zlib.crc32(name.encode()) + i * 2654435761) % 2**32 // 2**16) / 2**16 - 0.5


def fill(model):
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            gain = 1 if "norm" in name or ".ln_" in name else 0
            values = torch.tensor([weight(name, i) for i in range(tensor.numel())]).reshape(tensor.shape)
            tensor.copy_(values + (gain if name.endswith("weight") else 0))


def model_class(family):
    return AutoModelForSeq2SeqLM if family == "t5" else AutoModelForCausalLM


def logits(directory, family):
    model = model_class(family).from_pretrained(directory, dtype=torch.float32).double().eval()
    with torch.no_grad():
        if family == "t5":
            seen = model(input_ids=torch.tensor([SOURCE]), decoder_input_ids=torch.tensor([[0] + IDS])).logits
        else:
            seen = model(input_ids=torch.tensor([IDS])).logits
    return [[round(x, 7) for x in row] for row in seen[0].tolist()]


def case(family, fields, edit=None, refused=None, head=None):
    """head: "same" stores the tied output layer once more, "own" another in its place."""
    with tempfile.TemporaryDirectory() as directory:
        config = AutoConfig.for_model(family, **{**FAMILIES[family], **fields})
        model = model_class(family).from_config(config)
        fill(model)
        model.save_pretrained(directory)
        file = os.path.join(directory, "model.safetensors")
        tensors = load_file(file)
        copies = {}
        if head:
            name = "embed_out.weight" if family == "gpt_neox" else "lm_head.weight"
            embedding = next(n for n in tensors if n.endswith(("wte.weight", "embed_in.weight", "embed_tokens.weight", "shared.weight")))
            size = tensors[embedding].numel()
            own = torch.tensor([weight(name, i) for i in range(size)]).reshape(tensors[embedding].shape)
            tensors[name] = tensors[embedding].clone() if head == "same" else own
            if head == "same":
                copies[name] = embedding
            save_file(tensors, file, metadata={"format": "pt"})
        text = open(os.path.join(directory, "config.json")).read()
        saved = json.loads(text)
        if edit:
            for key in ("rope_parameters", "rope_theta"):
                if any(k.startswith("rope") for k in edit):
                    saved.pop(key, None)
            saved.update(edit)
            open(os.path.join(directory, "config.json"), "w").write(json.dumps(saved))
        # the names in the file differ from those in memory where the library renames on its way; the formula is of the latter
        memory = {n: p for n, p in model.named_parameters()}
        formula = {n: n if n in memory or n in copies or head else "lm_head.weight" for n in tensors}
        entry = dict(family=family, fields={**fields, **(edit or {})}, config=saved, tensors={n: list(t.shape) for n, t in tensors.items()},
                     names={n: f for n, f in formula.items() if n != f}, copies=copies)
        entry.update(dict(refused=refused) if refused else dict(logits=logits(directory, family)))
        return {k: v for k, v in entry.items() if v != {} or k == "fields"}


def fields(family):
    cls = type(AutoConfig.for_model(family))
    names = set(AutoConfig.for_model(family).to_dict()) | set(cls.attribute_map)
    for each in cls.__mro__:
        if dataclasses.is_dataclass(each):
            names |= {f.name for f in dataclasses.fields(each)}
        names |= set(inspect.signature(each.__init__).parameters) if "__init__" in each.__dict__ and each is not object else set()
    names |= set(GenerationConfig().to_dict()) | {"per_layer_config", "name_or_path", "torch_dtype", "attn_implementation"}
    return sorted(n for n in names - {"self", "kwargs", "args", "_from_model_config", "generation_kwargs"})


def main():
    cases = []
    for family in FAMILIES:
        cases.append(case(family, {}))
        cases += [case(family, variant) for variant in SAVED[family]]
        cases.append(case(family, dict(tie_word_embeddings=True), head="same"))
        if VERSION.startswith("5"):
            cases.append(case(family, dict(tie_word_embeddings=True), head="own"))
        if family != "t5":
            cases.append(case(family, dict(tie_word_embeddings=False)))
        refused = REFUSED + (REFUSED_ROTARY if family not in ("gpt2", "gpt_neox", "t5") else [])
        cases += [case(family, {}, edit, name) for name, edit in refused]
    result = dict(transformers=VERSION, torch=torch.__version__, ids=IDS, source=SOURCE, fields={f: fields(f) for f in FAMILIES}, cases=cases)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "models-%s.json" % VERSION.split(".")[0])
    with open(path, "w") as out:
        out.write("{\n" + ",\n".join('"%s": %s' % (k, json.dumps(v)) for k, v in result.items() if k != "cases") + ',\n"cases": [\n'
                  + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
    print(path, len(cases), "models")


main()

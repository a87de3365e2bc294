"""What transformers' generate() makes of settings of generation_config.json: golden.jsonl, read by GenerationGoldenTest.

    pip install torch transformers; python golden.py > golden.jsonl

The model is a formula: logits of token v at position t after tokens a, b. Both sides compute it exactly. "searches" are greedy and beam searches of
random settings, "samplers" the probabilities of the next token after all processors.
"""
import json
import random
import warnings

import torch
import transformers
from transformers import GenerationConfig, GenerationMixin, PretrainedConfig, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutput

V = 13
MASK = 0xFFFFFFFF


def logit(seed, t, a, b, v):
    h = (seed * 0x9E3779B1 + t * 0x85EBCA77 + a * 0xC2B2AE3D + b * 0x27D4EB2F + v * 0x165667B1) & MASK
    h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & MASK
    h = ((h ^ (h >> 12)) * 0x297A2D39) & MASK
    h ^= h >> 15
    return h / 4294967296.0 * 6 - 3


class FormulaConfig(PretrainedConfig):
    model_type = "formula"

    def __init__(self, seed=0, **kwargs):
        self.vocab_size = V
        self.seed = seed
        self.num_hidden_layers = 1
        super().__init__(**kwargs)


class Formula(PreTrainedModel, GenerationMixin):
    config_class = FormulaConfig

    def __init__(self, config):
        super().__init__(config)
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.post_init()

    def prepare_inputs_for_generation(self, input_ids, **kwargs):
        return {"input_ids": input_ids}

    def forward(self, input_ids, **kwargs):
        rows = []
        for ids in input_ids.tolist():
            t = len(ids)
            a, b = (ids[-2] if t > 1 else 0), ids[-1]
            rows.append([[logit(self.config.seed, t, a, b, v) for v in range(V)]])
        return CausalLMOutput(logits=torch.tensor(rows, dtype=torch.float32))


def settings(rnd, sampled=False):
    fields = {}

    def some(chance, key, make):
        if rnd.random() < chance:
            fields[key] = make()

    token = lambda: rnd.randrange(V)
    if rnd.random() < 0.8:
        fields["max_new_tokens"] = rnd.randrange(4, 10)
    else:
        fields["max_length"] = rnd.randrange(8, 14)
    if rnd.random() < 0.5:
        some(0.5, "min_new_tokens", lambda: rnd.randrange(1, 4))
    else:
        some(0.5, "min_length", lambda: rnd.randrange(3, 7))
    some(0.3, "repetition_penalty", lambda: rnd.choice([0.7, 1.3, 2.0]))
    some(0.3, "no_repeat_ngram_size", lambda: rnd.randrange(1, 4))
    some(0.2, "bad_words_ids", lambda: [[token() for _ in range(rnd.randrange(1, 4))] for _ in range(rnd.randrange(1, 4))])
    some(0.2, "suppress_tokens", lambda: [token(), token()])
    some(0.2, "begin_suppress_tokens", lambda: [token(), token(), token()])
    some(0.15, "forced_bos_token_id", token)
    some(0.2, "forced_eos_token_id", lambda: rnd.choice([0, [5]]))  # two would tie
    some(0.2, "exponential_decay_length_penalty", lambda: [rnd.randrange(0, 4), rnd.choice([1.1, 1.5])])
    if sampled:
        fields["do_sample"] = True
        fields["top_k"] = 0
        some(0.5, "temperature", lambda: rnd.choice([0.5, 1.4]))
        some(0.4, "top_k", lambda: rnd.randrange(2, 10))
        some(0.4, "top_p", lambda: rnd.choice([0.5, 0.8, 0.95]))
        some(0.3, "min_p", lambda: rnd.choice([0.02, 0.1]))
        some(0.4, "typical_p", lambda: rnd.choice([0.3, 0.6, 0.9]))
        some(0.3, "epsilon_cutoff", lambda: rnd.choice([0.01, 0.05, 0.3]))
        some(0.3, "eta_cutoff", lambda: rnd.choice([0.01, 0.05, 0.3]))
    elif rnd.random() < 0.6:
        fields["num_beams"] = rnd.randrange(2, 5)
        fields["num_return_sequences"] = rnd.randrange(1, fields["num_beams"] + 1)
        some(0.6, "length_penalty", lambda: rnd.choice([0.0, 0.6, 2.0, -1.0]))
        some(0.6, "early_stopping", lambda: rnd.choice([True, False, "never", "never"]))
        some(0.3, "renormalize_logits", lambda: True)
    return fields


def main():
    warnings.simplefilter("ignore")
    transformers.logging.set_verbosity_error()
    rnd = random.Random(5)
    searches, samplers = [], []
    while len(searches) < 400:
        fields = settings(rnd)
        seed, eos = rnd.randrange(10 ** 6), rnd.choice([[0], [0, 5]])
        prompt = [rnd.randrange(V) for _ in range(rnd.randrange(1, 5))]
        model = Formula(FormulaConfig(seed=seed))
        try:
            config = GenerationConfig(**fields, eos_token_id=eos, pad_token_id=V, use_cache=False, return_dict_in_generate=True, output_scores=True)
            out = model.generate(torch.tensor([prompt]), generation_config=config)
        except ValueError:
            continue  # settings that contradict each other
        dead = any(not torch.isfinite(s).any(dim=-1).all() for s in out.scores)
        if dead:
            continue  # no token may come: undefined there, refused here
        sequences = [[t for t in row[len(prompt):] if t != V] for row in out.sequences.tolist()]
        searches.append({"settings": fields, "seed": seed, "eos": eos, "prompt": prompt, "sequences": sequences})
    while len(samplers) < 300:
        fields = settings(rnd, sampled=True)
        seed, eos = rnd.randrange(10 ** 6), [0]
        prompt = [rnd.randrange(V) for _ in range(rnd.randrange(1, 5))]
        so_far = prompt + [rnd.randrange(1, V) for _ in range(rnd.randrange(0, 4))]
        model = Formula(FormulaConfig(seed=seed))
        try:
            config = GenerationConfig(**fields, eos_token_id=eos, pad_token_id=V)
        except ValueError:
            continue
        if "max_new_tokens" in fields:
            config.max_length = len(prompt) + fields["max_new_tokens"]
        if len(so_far) >= config.max_length:
            continue
        config._eos_token_tensor = torch.tensor(eos)
        ids = torch.tensor([so_far])
        scores = model._get_logits_processor(config, input_ids_seq_length=len(prompt), encoder_input_ids=ids)(ids, model(ids).logits[:, -1])
        p = torch.softmax(scores.double(), -1)[0].tolist()
        if p[0] != p[0]:
            continue
        samplers.append({"settings": fields, "seed": seed, "eos": eos, "prompt": prompt, "so_far": so_far, "probabilities": [round(x, 9) for x in p]})
    print(json.dumps({"transformers": transformers.__version__, "torch": torch.__version__}))
    for kind, cases in ("search", searches), ("sampler", samplers):
        for case in cases:
            print(json.dumps({"kind": kind, **case}, separators=(",", ":")))


main()

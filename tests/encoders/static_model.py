"""Saves a static model of a few words in model2vec format."""

import numpy as np
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

WORDS = {
    "rain": [1, 0, 0, 0],
    "flood": [0.8, 0.6, 0, 0],
    "choir": [0, 0, 1, 0],
    "song": [0, 0, 0.8, 0.6],
    "the": [0.1, 0.1, 0.1, 0.1],
    "中国": [0, 1, 0, 0],
    "zeppelin": [0, 0, 0, 2],
}


def save_static_model(folder, words=WORDS, **settings):
    """Write the model. Unknown words have no vector and are ignored."""
    vocabulary = {"[UNK]": 0} | {word: at for at, word in enumerate(words, start=1)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.array([[9.0, 9, 9, 9], *words.values()], dtype=np.float32)
    StaticModel(vectors, tokenizer, config={}, **settings).save_pretrained(folder)
    return folder

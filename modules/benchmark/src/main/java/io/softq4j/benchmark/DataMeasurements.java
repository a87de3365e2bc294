package io.softq4j.benchmark;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import io.softq4j.cli.benchmark.DataBenchmark;
import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Preparation;
import io.softq4j.data.Progress;
import io.softq4j.data.TokenizerConfig;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import io.softq4j.tokens.huggingface.Tokenizers;
import io.softq4j.tokens.store.TokenStore;
import io.softq4j.training.rows.Collator;
import io.softq4j.training.rows.DataOrder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** {@code softq benchmark data}. */
public final class DataMeasurements implements DataBenchmark {

    private static final List<String> MEASURES = List.of("encode", "jtokkit", "prepare", "read", "bpe");
    private static final long BYTES = 128_000_000;
    private static final int BATCH = 1000;
    private static final int MAX_LENGTH = 1024;
    private static final int MERGES = 30_000;
    private static final long BPE_BYTES = 100_000_000;
    private static final double BPE_SECONDS = 120;

    /** For the service loader. */
    public DataMeasurements() {
    }

    @Override
    public void run(Options options, PrintWriter out, PrintWriter err) {
        options.measures().stream().filter(name -> !MEASURES.contains(name)).findFirst().ifPresent(name -> {
            throw new UserError("--measure " + name + " is unknown; there are " + String.join(", ", MEASURES));
        });
        List<Row> rows = new ArrayList<>();
        Path scratch = null;
        try {
            scratch = Files.createTempDirectory("softq-benchmark-data");
            Gpt2Vocabulary.write(scratch);
            DataTexts texts = DataTexts.of(options.corpus(), BYTES);
            Tokenizer tokenizer = Tokenizers.load(scratch);
            for (String measure : MEASURES) {
                if (options.measures().isEmpty() || options.measures().contains(measure)) {
                    err.println("softq: measuring " + measure);
                    err.flush();
                    rows.add(switch (measure) {
                        case "encode" -> encode(texts, tokenizer, scratch, options.rounds());
                        case "jtokkit" -> jtokkit(texts, tokenizer, options.rounds());
                        case "prepare" -> prepare(texts, tokenizer, scratch, options.rounds());
                        case "read" -> read(texts, scratch, options.rounds());
                        default -> bpe(options.corpus());
                    });
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(scratch);
        }
        Report report = new Report(rows);
        options.json().ifPresent(file -> AtomicFiles.writeString(file, report.json()));
        out.print(report.table());
        out.flush();
    }

    private static Row encode(DataTexts texts, Tokenizer tokenizer, Path directory, int rounds) throws IOException {
        try (HuggingFaceTokenizer library = HuggingFaceTokenizer.newInstance(directory.resolve("tokenizer.json"),
                Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"))) {
            for (String text : texts.texts().subList(0, Math.min(BATCH, texts.texts().size()))) {
                requireEqual(tokenizer.encode(text), Arrays.stream(library.encode(text, false, false).getIds()).mapToInt(Math::toIntExact).toArray(), text);
            }
            return rates("encode, all cores", texts, rounds, 5, "Rust library, batches of " + BATCH, () -> encodeAll(tokenizer, texts), () -> {
                for (int from = 0; from < texts.texts().size(); from += BATCH) {
                    library.batchEncode(texts.texts().subList(from, Math.min(from + BATCH, texts.texts().size())), false, false);
                }
            });
        }
    }

    private static Row jtokkit(DataTexts texts, Tokenizer tokenizer, int rounds) {
        Encoding peer = Encodings.newDefaultEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
        for (String text : texts.texts().subList(0, Math.min(BATCH, texts.texts().size()))) {
            requireEqual(tokenizer.encode(text), peer.encodeOrdinary(text).toArray(), text);
        }
        return rates("encode, all cores", texts, rounds, 1, "jtokkit", () -> encodeAll(tokenizer, texts),
                () -> texts.texts().parallelStream().forEach(peer::encodeOrdinary));
    }

    private static void requireEqual(int[] ours, int[] theirs, String text) {
        if (!Arrays.equals(ours, theirs)) {
            throw new IllegalStateException("ids differ for \"" + text + "\": " + Arrays.toString(ours) + " and " + Arrays.toString(theirs));
        }
    }

    private static void encodeAll(Tokenizer tokenizer, DataTexts texts) {
        texts.texts().parallelStream().forEach(tokenizer::encode);
    }

    private static Row prepare(DataTexts texts, Tokenizer tokenizer, Path scratch, int rounds) throws IOException {
        Path corpus = write(texts, scratch.resolve("corpus.jsonl"));
        DataConfig data = DataConfig.defaults().with(d -> d.train(List.of(corpus.toString())).maxLength(MAX_LENGTH));
        return rates("prepare JSON Lines", texts, rounds, 0.8, "our encoder alone, all cores",
                () -> new Preparation(data, TokenizerConfig.of(scratch.toString()), Progress.NONE).run(scratch.resolve("prepared")),
                () -> encodeAll(tokenizer, texts));
    }

    private static Path write(DataTexts texts, Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < texts.texts().size(); i += 2) {
                out.write(json.writeValueAsString(Map.of("prompt", texts.texts().get(i), "completion", texts.texts().get(i + 1) + " ")));
                out.write('\n');
            }
        }
        return file;
    }

    /** Megabytes of text a second; both sides warm up with one round that is not counted. */
    private static Row rates(String what, DataTexts texts, int rounds, double goal, String peer, Runnable ours, Runnable theirs) {
        ours.run();
        theirs.run();
        double[] seconds = Turns.medians(rounds, List.of(timed(ours), timed(theirs)));
        double megabytes = texts.bytes() / 1e6;
        return Row.of(what, megabytes / seconds[0], megabytes / seconds[1], "MB/s", Goal.atLeast(goal), peer);
    }

    private static DoubleSupplier timed(Runnable work) {
        return () -> {
            long start = System.nanoTime();
            work.run();
            return (System.nanoTime() - start) / 1e9;
        };
    }

    private static Row read(DataTexts texts, Path scratch, int rounds) throws IOException {
        ModelShape shape = ModelShape.SMALL;
        Path prepared = scratch.resolve("prepared");
        if (!Files.exists(prepared)) {
            Path corpus = write(texts, scratch.resolve("corpus.jsonl"));
            new Preparation(DataConfig.defaults().with(d -> d.train(List.of(corpus.toString())).maxLength(MAX_LENGTH)),
                    TokenizerConfig.of(scratch.toString()), Progress.NONE).run(prepared);
        }
        TokenStore store = TokenStore.open(prepared.resolve("train"));
        Collator collator = new Collator(store.manifest().eosId(), shape.length(), shape.length(), false);
        DataOrder order = new DataOrder(store.size(), shape.rows(), 1);
        long[] next = {0};
        Runnable batch = () -> {
            long[] indices = order.step(next[0]++);
            collator.collate(Arrays.stream(indices).mapToObj(i -> List.of(store.get(i))).toList());
        };
        DoubleSupplier reading = timed(batch);
        try (OurEngine engine = new OurEngine(shape, false)) {
            for (int i = 0; i < 200; i++) {
                batch.run();
            }
            engine.step(0.1);
            engine.step(0.1);
            double[] seconds = Turns.medians(rounds, List.of(reading, timed(() -> engine.step(0.1))));
            return Row.of("read and collate a batch", seconds[0], seconds[1], "s/step", Goal.atMost(0.01), "a training step, " + shape);
        }
    }

    private static Row bpe(List<String> corpus) {
        DataTexts texts = DataTexts.of(corpus, BPE_BYTES);
        int vocabulary = 1 + 256 + MERGES;
        long start = System.nanoTime();
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(vocabulary)));
        texts.texts().parallelStream().forEach(trainer::add);
        int made = trainer.train().vocabularySize();
        double seconds = (System.nanoTime() - start) / 1e9;
        return Row.of("train BPE, " + (made - 257) + " merges, " + texts.bytes() / 1_000_000 + " MB", seconds, BPE_SECONDS, "s", Goal.atMost(1),
                "the goal, two minutes");
    }

    private static void delete(Path directory) {
        if (directory != null) {
            try {
                AtomicFiles.delete(directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

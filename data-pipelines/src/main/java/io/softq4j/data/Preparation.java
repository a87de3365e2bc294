package io.softq4j.data;

import io.softq4j.common.AtomicFiles;
import io.softq4j.common.UserError;
import io.softq4j.tokens.BpeOptions;
import io.softq4j.tokens.BpeTrainer;
import io.softq4j.tokens.Sha256;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes token stores of a corpus: trains or reads the tokenizer, runs the {@link Pipeline} over each file, writes what happened into
 * {@code data-card.md}. Row by row, in memory that does not grow with the corpus (the tokenizer's training keeps the distinct words).
 * The same corpus, configuration and Java give the same bytes. The output directory appears whole or not at all.
 */
public final class Preparation {

    static final String CARD = "data-card.md";
    private static final String TOKENIZER = "tokenizer.json";
    private static final double MANY = 0.1;
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);

    private Preparation() {
    }

    /**
     * Prepares a corpus.
     *
     * @param out where to; an earlier preparation there is replaced, anything else is left alone and refused
     * @throws UserError if a file, a row or a setting is at fault
     */
    public static PreparationReport prepare(DataConfig data, TokenizerConfig tokenizerConfig, Path out, Progress progress) {
        if (data.train() == null) {
            throw new UserError("train is not set: give the path of a JSON Lines file, one object a line");
        }
        Path train = Path.of(data.train());
        Path validation = data.validation() == null ? null : Path.of(data.validation());
        Records.requireFile(train);
        if (validation != null) {
            Records.requireFile(validation);
        }
        requireReplaceable(out);
        Tokenizer tokenizer = switch (tokenizerConfig.type()) {
            case TRAIN -> train(train, data, tokenizerConfig, progress);
            case FILE -> Tokenizers.load(Path.of(tokenizerConfig.file()));
        };
        AtomicReference<PreparationReport> report = new AtomicReference<>();
        AtomicFiles.writeDirectory(out, directory -> {
            tokenizer.save(directory);
            String json = Pipeline.of(data, TOKENIZER, Sha256.of(directory.resolve(TOKENIZER))).toJson();
            // what runs is what the manifest will say, read back from it
            TransformProcess pipeline = Pipeline.read(json, directory);
            SplitReport trainReport = write("train", train, directory, data, json, pipeline, tokenizer, Progress.Stage.WRITE_TRAIN, progress);
            SplitReport validationReport = validation == null ? null
                    : write("validation", validation, directory, data, json, pipeline, tokenizer, Progress.Stage.WRITE_VALIDATION, progress);
            report.set(new PreparationReport(out, tokenizerConfig.type() == TokenizerType.TRAIN, tokenizer.vocabularySize(), data.maxLength(),
                    trainReport, validationReport, warnings(data, trainReport, validationReport)));
            Files.writeString(directory.resolve(CARD), DataCard.of(report.get(), data));
        });
        report.get().warnings().forEach(log::warn);
        return report.get();
    }

    private static SplitReport write(String name, Path file, Path directory, DataConfig data, String json, TransformProcess pipeline,
                                     Tokenizer tokenizer, Progress.Stage stage, Progress progress) throws IOException {
        long size = Corpus.bytes(file);
        return new StorePass(name, file, tokenizer).write(directory.resolve(name), data, json, pipeline, done -> progress.at(stage, done, size));
    }

    private static Tokenizer train(Path corpus, DataConfig data, TokenizerConfig config, Progress progress) {
        List<String> special = BpeOptions.defaults().specialTokens();
        BpeTrainer trainer = new BpeTrainer(new BpeOptions(config.vocabSize(), config.minFrequency(), special, data.maxLength()));
        RenderTransform render = new RenderTransform(data.prompt(), data.response());
        Schema.Builder columns = new Schema.Builder();
        data.fields().forEach(columns::addColumnString);
        render.setInputSchema(columns.build());
        long size = Corpus.bytes(corpus);
        Corpus.forEach(corpus, data, (row, line) -> {
            List<Writable> texts = render.map(row);
            trainer.add(texts.get(0).toString());
            trainer.add(texts.get(1).toString());
        }, unreadable -> { }, done -> progress.at(Progress.Stage.COUNT_WORDS, done, size));
        return trainer.train(vocabulary -> progress.at(Progress.Stage.LEARN_MERGES, vocabulary, config.vocabSize()));
    }

    private static List<String> warnings(DataConfig data, SplitReport... splits) {
        List<String> warnings = new ArrayList<>();
        for (SplitReport split : splits) {
            if (split == null) {
                continue;
            }
            double dropped = (double) split.rows().droppedRows() / split.rows().read();
            if (dropped > MANY) {
                warnings.add(String.format(Locale.ROOT, "%.0f%% of the rows of %s are not used: %s. max_length is %d, the longest row has %d tokens.",
                        100 * dropped, split.file(), StorePass.reasons(split.rows()), data.maxLength(), split.lengths().longest()));
            }
            if (split.eosTrained() == 0) {
                warnings.add("Every example of " + split.file() + " was cut at max_length " + data.maxLength()
                        + ", so a model cannot learn from it where a response ends. Raise max_length.");
            }
        }
        return warnings;
    }

    /** Replacing a directory deletes what is in it: only an earlier preparation may go. */
    private static void requireReplaceable(Path out) {
        AtomicFiles.recover(out);
        if (!Files.isDirectory(out)) {
            return;
        }
        try (var files = Files.list(out)) {
            boolean empty = files.findAny().isEmpty();
            boolean ours = Files.exists(out.resolve(CARD)) && Files.exists(out.resolve("train/manifest.json"));
            if (!empty && !ours) {
                throw new UserError(out + " is not empty and holds no earlier preparation (" + CARD
                        + " and train/manifest.json), so it is not replaced. Choose another output directory or empty this one");
            }
        } catch (IOException e) {
            throw new UserError("cannot read " + out + ": " + e.getMessage(), e);
        }
    }
}

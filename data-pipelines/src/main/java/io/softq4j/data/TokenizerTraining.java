package io.softq4j.data;

import io.softq4j.chat.ChatTemplates;
import io.softq4j.data.read.ReadOptions;
import io.softq4j.data.render.Layout;
import io.softq4j.data.render.RenderSpec;
import io.softq4j.data.render.Renderer;
import io.softq4j.data.row.Column;
import io.softq4j.data.step.SegmentsWritable;
import io.softq4j.tokens.Segment;
import io.softq4j.tokens.Tokenizer;
import io.softq4j.tokens.bpe.BpeOptions;
import io.softq4j.tokens.bpe.BpeTrainer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.datavec.api.transform.TransformProcess;

/**
 * Trains the tokenizer on the rendered rows of {@code train}, after the user's transforms and the filters over columns. Rows that a later step takes
 * away, to validation or as duplicates, are in it too.
 */
final class TokenizerTraining {

    /** The chat template of a tokenizer trained on conversations, unless the user names another. */
    static final String CHAT_TEMPLATE = "chatml";

    private final DataConfig data;
    private final TokenizerConfig config;
    private final Layout layout;
    private final List<Column> columns;
    private final Progress progress;

    TokenizerTraining(DataConfig data, TokenizerConfig config, Layout layout, List<Column> columns, Progress progress) {
        this.data = data;
        this.config = config;
        this.layout = layout;
        this.columns = columns;
        this.progress = progress;
    }

    Tokenizer train(Sources corpus) {
        Optional<String> template = RenderSpecs.usesChat(data, layout)
                ? Optional.of(data.chatTemplate() == null ? CHAT_TEMPLATE : data.chatTemplate()) : Optional.empty();
        Set<String> special = new LinkedHashSet<>(config.specialTokens());
        String eos = config.specialTokens().get(0);
        Map<String, String> spelled = Map.of("bos_token", eos, "eos_token", eos, "pad_token", eos);
        template.filter(ChatTemplates.names()::contains).ifPresent(name -> special.addAll(ChatTemplates.tokens(name, spelled)));
        RenderSpec spec = RenderSpecs.untrained(data, layout, template.map(RenderSpecs::source), spelled);
        BpeTrainer trainer = new BpeTrainer(BpeOptions.defaults().with(o -> o.vocabSize(config.vocabSize())
                .minFrequency(config.minFrequency()).specialTokens(List.copyOf(special)).modelMaxLength(data.maxLength())
                .nfc(config.nfc())));
        TransformProcess rendering = Pipeline.rendering(data, columns, spec).build();
        long bytes = corpus.bytes();
        try (Mixture rows = new Mixture(corpus.inOrder(), new ReadOptions(data.sampleBy(), columns), Renderer.of(spec).respondsWithReferences())) {
            new PipelineRun(rendering, columns, data.onError(), data.threads()).run(rows, outcome -> {
                if (outcome.reason() == null) {
                    for (Segment segment : ((SegmentsWritable) outcome.output().get(0)).segments()) {
                        trainer.add(segment.text());
                    }
                }
            }, () -> progress.at(Progress.Stage.COUNT_WORDS, Math.min(bytes, rows.bytesRead()), bytes));
            progress.at(Progress.Stage.COUNT_WORDS, bytes, bytes);
        }
        return trainer.train(vocabulary -> progress.at(Progress.Stage.LEARN_MERGES, vocabulary, config.vocabSize()));
    }
}

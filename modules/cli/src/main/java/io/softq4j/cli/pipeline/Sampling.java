package io.softq4j.cli.pipeline;

import io.softq4j.common.UserError;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Prompts;
import io.softq4j.data.RenderSpecs;
import io.softq4j.data.RenderedRecord;
import io.softq4j.model.ModelConfig;
import io.softq4j.model.generation.Completion;
import io.softq4j.model.generation.DecodingSession;
import io.softq4j.model.generation.GenerationConfig;
import io.softq4j.model.generation.GenerationListener;
import io.softq4j.model.generation.Generator;
import io.softq4j.tokens.Rendering;
import java.util.List;
import java.util.OptionalInt;

/** Samples of a model as text. */
public final class Sampling implements AutoCloseable {

    private final List<RenderedRecord> records;
    private final List<int[]> prompts;
    private final boolean readsPrompts; // token by token, as a decoder; an encoder reads them at once
    private final Generator generator;

    /**
     * @param given   prompts, rendered
     * @param config  its longest continuation and number of rows hold for all that is sampled
     */
    public Sampling(ModelDirectory directory, Prompts given, GenerationConfig config) {
        this.records = given.records();
        DataConfig data = given.data();
        Rendering rendering = RenderSpecs.rendering(data, directory.tokenizer());
        OptionalInt bosId = directory.specialTokens().bosId();
        this.prompts = records.stream().map(record -> record.prompt().isEmpty() && bosId.isPresent() ? new int[] {bosId.getAsInt()}
                : rendering.prompt(record.segments())).toList();
        ModelConfig size = directory.model().config();
        int context = size.contextLength();
        int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow(() -> new UserError("no prompts to continue: give at least one."));
        for (int i = 0; i < prompts.size(); i++) {
            if (prompts.get(i).length >= context) {
                throw new UserError("prompt " + (i + 1) + ", '" + beginning(records.get(i).prompt()) + "', has " + prompts.get(i).length
                        + " tokens; the model's context holds " + context + " (" + size.contextKey() + "), with at least one new token. Shorten it, "
                        + "or use a model with a longer context.");
            }
        }
        this.readsPrompts = !directory.model().graph().readsSource();
        int capacity = DecodingSession.capacity(directory.model(), longest, config.maxNewTokens());
        this.generator = new Generator(directory.model(), capacity, config.rows(prompts.size()),
                directory.endIds(RenderSpecs.endId(data, directory.tokenizer())), directory::text);
    }

    private static String beginning(String prompt) {
        String line = prompt.strip().replaceAll("\\s+", " ");
        return line.length() > 40 ? line.substring(0, 40) + "..." : line;
    }

    /** Continues the prompts. @param name of the progress bar @return for each prompt its continuations */
    public List<List<Completion>> generate(GenerationConfig config, String name) {
        int perPrompt = Math.max(config.numBeams(), config.numReturnSequences());
        // the longest it can take; most responses end earlier, and then less is left
        long most = 0;
        for (int[] prompt : prompts) {
            most += (readsPrompts ? prompt.length : 0) * (config.numBeams() > 1 ? 1L : perPrompt) + (long) perPrompt * config.maxNewTokens();
        }
        try (Bar bar = new Bar(name, most, "tokens")) {
            List<List<Completion>> completions = generator.generate(prompts, config, new GenerationListener() {
                @Override
                public void processed(int tokens) {
                    bar.add(tokens);
                }

                @Override
                public void finished(int prompt, int sequence, Completion completion) {
                    bar.skip((long) config.maxNewTokens() - completion.tokens());
                }
            });
            bar.finish();
            return completions;
        }
    }

    /** Continues the prompts and tells {@code listener}; without a progress bar. */
    public void generate(GenerationConfig config, GenerationListener listener) {
        generator.generate(prompts, config, listener);
    }

    @Override
    public void close() {
        generator.close();
    }
}

package io.softq4j.workflow;

import io.softq4j.config.ConfigFile;
import io.softq4j.data.DataConfig;
import io.softq4j.data.Prompts;
import io.softq4j.data.Records;
import io.softq4j.generation.Completion;
import io.softq4j.generation.GenerationConfig;
import io.softq4j.generation.GenerationListener;
import java.nio.file.Path;
import java.util.List;

/**
 * A loaded model that continues texts, as {@code softq generate} does: the weights are read once, the requests are any number. Safe for use by several
 * threads, which take turns: one request has the machine, and the prompts of one request are decoded side by side. A request gives the same texts
 * whatever was asked before it or is asked beside it.
 *
 * <pre>
 * try (TextGenerator model = TextGenerator.open(Path.of("runs/mle"), Configuration.defaults().generation(c -&gt; c.maxNewTokens(32)))) {
 *     String text = model.generate("the sky is").text();
 * }
 * </pre>
 */
public final class TextGenerator implements AutoCloseable {

    private final ModelDirectory directory;
    private final ConfigFile config;
    private final GenerationConfig settings;
    private boolean closed;

    private TextGenerator(ModelDirectory directory, ConfigFile config) {
        this.directory = directory;
        this.config = config;
        this.settings = config.section(GenerationConfig.class);
    }

    /**
     * Loads a model.
     *
     * @param model         a run, a checkpoint or a model directory
     * @param configuration its section {@code generation} is how prompts are continued, over the model's own generation_config.json. What it does not set
     *                      is as the model was trained
     * @throws io.softq4j.common.UserError if there is no model, it cannot be loaded, or the configuration is refused
     */
    public static TextGenerator open(Path model, Configuration configuration) {
        ConfigFile config = ModelDirectory.configToContinue(model, configuration);
        return new TextGenerator(ModelDirectory.open(model), config);
    }

    /** How prompts are continued if a request does not say it. */
    public GenerationConfig settings() {
        return settings;
    }

    /** Logs in one line how prompts are continued, and what of it comes from where. */
    public void tellSettings() {
        GenerationSettings.tell(config);
    }

    /** Continues a text as it is. Of several continuations this is the first. */
    public Completion generate(String prompt) {
        return generate(List.of(prompt), settings).get(0).get(0);
    }

    /**
     * Continues texts as they are.
     *
     * @param request how: {@link #settings()}, or those with a change, such as another seed
     * @return for each prompt its continuations, {@code num_return_sequences} of them
     * @throws io.softq4j.common.UserError if there is no prompt, or one leaves no room in the model's context
     */
    public List<List<Completion>> generate(List<String> prompts, GenerationConfig request) {
        return generate(prompts(prompts), request, "generate", WorkListener.NONE);
    }

    /** Texts that are continued as they are. */
    public Prompts prompts(List<String> texts) {
        return Prompts.of(texts, config.section(DataConfig.class));
    }

    /**
     * The rows of a file, rendered as the model's training data were.
     *
     * @param file  a corpus file, or {@code -} for standard input; its rows need no answers
     * @param limit how many at most; 0 for all
     * @throws io.softq4j.common.UserError if the file is missing or empty, or a row has no prompt
     */
    public Prompts prompts(Path file, int limit) {
        return new Records(config.section(DataConfig.class), directory.tokenizer()).prompts(List.of(file.toString()), limit);
    }

    /**
     * Continues prompts, progress shown.
     *
     * @param name     of the work
     * @param progress what it throws ends the work
     */
    public synchronized List<List<Completion>> generate(Prompts prompts, GenerationConfig request, String name, WorkListener progress) {
        requireOpen();
        try (Sampling sampling = new Sampling(directory, prompts, request)) {
            return sampling.generate(request, name, progress);
        }
    }

    /** Continues prompts and tells {@code listener} of each piece of text as it is made. It may stop the work, from any thread. */
    public synchronized void generate(Prompts prompts, GenerationConfig request, GenerationListener listener) {
        requireOpen();
        try (Sampling sampling = new Sampling(directory, prompts, request)) {
            sampling.generate(request, listener);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the model " + directory.path() + " is closed: open it again, or close it after the last request");
        }
    }

    /** Frees the weights, when no request is in work. A later request is an {@link IllegalStateException}. */
    @Override
    public synchronized void close() {
        closed = true;
        directory.close();
    }
}

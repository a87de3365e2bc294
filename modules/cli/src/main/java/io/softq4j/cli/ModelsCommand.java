package io.softq4j.cli;

import io.softq4j.cli.terminal.ModelDescriptionText;
import io.softq4j.common.UserError;
import io.softq4j.model.SupportedModel;
import io.softq4j.workflow.ModelDescription;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code softq models}. */
@Command(name = "models", mixinStandardHelpOptions = true, versionProvider = Version.class,
        header = "Lists the families of models, or describes a model directory before anything of it is loaded.",
        description = "%nOf a directory: family, parameters and where they are, precision and size on the disk, context, vocabulary, end tokens, "
                + "every tensor that is missing, left over or of another shape or type, and what training needs for batches of 1, 2, 4, ... rows, with and "
                + "without gradient_checkpointing, against what is free here. Nothing of the model's size is allocated.%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  softq models",
            "  # can it be loaded, and trained here",
            "  softq models SmolLM2-135M-Instruct",
            "  # rows of 256 tokens; for a script",
            "  softq models runs/iql --length 256 --json",
            "",
            "Exit code 2 if the directory cannot be loaded, after all that is known of it."
        })
final class ModelsCommand implements Callable<Integer>, Computes {

    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL", description = "Run directory, checkpoint or model directory.")
    private Optional<Path> model = Optional.empty();

    @Option(names = "--length", paramLabel = "N", description = "Tokens of a row in training; without it the model's context.")
    private Optional<Integer> length = Optional.empty();

    @Mixin
    private JsonResults results;

    @Spec
    private CommandSpec spec;

    private ModelsCommand() {
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (model.isEmpty()) {
            results.set(SupportedModel.all());
            out.print(ModelDescriptionText.families());
            out.flush();
            return 0;
        }
        if (length.isPresent() && length.get() < 2) {
            throw new UserError("--length must be at least 2, was " + length.get());
        }
        ModelDescription description = ModelDescription.of(model.get(), length.map(OptionalInt::of).orElse(OptionalInt.empty()));
        results.set(description.json());
        out.print(ModelDescriptionText.of(description));
        out.flush();
        return description.loads() ? 0 : Errors.USER;
    }
}

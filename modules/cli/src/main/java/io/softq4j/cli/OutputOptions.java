package io.softq4j.cli;

import io.softq4j.common.Output;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that writes files: whether what is there may go. A {@code @Mixin}. */
final class OutputOptions {

    @Option(names = "--force", description = "Replace what is at the output path, whatever it is, but never what the command reads.")
    private boolean force;

    Output output(Path path) {
        return force ? Output.at(path).forced() : Output.at(path);
    }

    boolean force() {
        return force;
    }
}

package io.softq4j.cli;

import io.softq4j.common.Output;
import io.softq4j.common.UserError;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option of every command that writes files: whether what is there may go. A {@code @Mixin}. */
final class OutputOptions {

    /** As users write standard output. */
    static final Path STANDARD = Path.of("-");

    @Option(names = "--force", description = "Replace what is at the output path, whatever it is, but never what the command reads.")
    private boolean force;

    /** @throws UserError for {@code -}, which elsewhere means standard input or output and would be the name of a file here */
    Output output(Path path) {
        if (path.equals(STANDARD)) {
            throw new UserError("--out -: standard output is not written to here. Give the name of a file or directory; one that is called - is ./-");
        }
        return force ? Output.at(path).forced() : Output.at(path);
    }

    boolean force() {
        return force;
    }
}

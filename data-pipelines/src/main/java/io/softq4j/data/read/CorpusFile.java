package io.softq4j.data.read;

import io.softq4j.common.UserError;
import java.nio.file.Path;

/**
 * A file of a corpus.
 *
 * @param path   where it lies
 * @param name   what messages and manifests show; the same wherever the corpus lies
 * @param format how it is written, never {@link Format#AUTO}
 */
public record CorpusFile(Path path, String name, Format format) {

    public CorpusFile {
        if (format == Format.AUTO) {
            throw new UserError("the format of " + path + " is not settled; Format.of tells it by the extension");
        }
    }
}

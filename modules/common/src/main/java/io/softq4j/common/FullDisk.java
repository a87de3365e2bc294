package io.softq4j.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Knows a full disk by the failure it causes: whatever else is tried there will fail too. */
public final class FullDisk {

    /** With less than this no checkpoint is written; the words of a failure depend on the system's language. */
    private static final long NOTHING = 1 << 20;

    private FullDisk() {
    }

    /** Whether {@code failure} comes of a disk that is full. @param at a file or directory on that disk */
    public static boolean caused(Throwable failure, Path at) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException && (says(cause, "No space left") || says(cause, "quota exceeded") || isFull(at))) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(Throwable cause, String words) {
        return cause.getMessage() != null && cause.getMessage().contains(words);
    }

    private static boolean isFull(Path at) {
        try {
            return Files.getFileStore(at).getUsableSpace() < NOTHING;
        } catch (IOException e) {
            return false;
        }
    }
}

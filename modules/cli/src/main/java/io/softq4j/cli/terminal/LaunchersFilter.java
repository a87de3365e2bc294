package io.softq4j.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The process through which the launcher lets standard error pass, to take the JVM's line about the Vector API out of it. */
public final class LaunchersFilter {

    private static final int SECONDS = 2;

    private static final PrintStream FILTERED = System.err;

    private LaunchersFilter() {
    }

    /**
     * From here on what this process writes to standard error goes round the filter, into the descriptor that the launcher kept of it, so that it stays
     * in order with standard output, also where both are one file. Libraries' own native output still passes through.
     *
     * @throws IllegalStateException if Java keeps the number of a descriptor otherwise than in 17 to 25, or without the launcher's {@code --add-opens}
     */
    public static void goRound() {
        Integer kept = Integer.getInteger("softq.stderr.direct");
        if (kept != null) {
            // a path such as /dev/fd/19 would open a file anew, with a place of its own to write at, and another user's terminal not at all
            System.setErr(new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor(kept))), true, StandardCharsets.UTF_8));
        }
    }

    private static FileDescriptor descriptor(int number) {
        try {
            FileDescriptor descriptor = new FileDescriptor();
            Field field = FileDescriptor.class.getDeclaredField("fd");
            field.setAccessible(true);
            field.setInt(descriptor, number);
            return descriptor;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("cannot write to file descriptor " + number + ", which softq's launcher kept of standard error", e);
        }
    }

    /** Ends standard error and waits until all of it has gone through, so that who reads it after this process has ended reads all. */
    public static void drain() {
        Long process = Long.getLong("softq.stderr");
        if (process != null) {
            System.err.close();
            FILTERED.close();
            ProcessHandle.of(process).ifPresent(filter -> filter.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(e -> null).join());
        }
    }
}

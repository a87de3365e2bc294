package io.softq4j.common;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Paths that stand for something that is written into and cannot be replaced: devices, pipes, sockets, open files of this process. */
final class Sinks {

    private static final Pattern OPEN_FILE = Pattern.compile("/(?:dev|proc/(?:self|thread-self|" + ProcessHandle.current().pid()
            + "))/fd/(\\d+)");
    private static final int OUT = 1;
    private static final int ERR = 2;

    private Sinks() {
    }

    static boolean isSink(Path path) {
        try {
            return openFile(path).isPresent() || Files.readAttributes(path, BasicFileAttributes.class).isOther();
        } catch (IOException e) {
            return false;    // there is nothing
        }
    }

    /** Opens it behind what it holds: standard output may be a file that has lines already. */
    static OutputStream open(Path path) throws IOException {
        int descriptor = openFile(path).orElse(-1);
        if (descriptor == OUT || descriptor == ERR) {
            // opened anew it would have a position of its own, and a socket cannot be opened at all
            return new Shared(new FileOutputStream(descriptor == OUT ? FileDescriptor.out : FileDescriptor.err));
        }
        return Files.newOutputStream(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** The number of the open file that a path such as /dev/stdout, /dev/fd/63 (a process substitution) or /proc/self/fd/1 leads to. */
    private static OptionalInt openFile(Path path) throws IOException {
        Path at = path.toAbsolutePath().normalize();
        for (int links = 0; links < 40; links++) {
            Matcher matcher = OPEN_FILE.matcher(at.toString());
            if (matcher.matches()) {
                return OptionalInt.of(Integer.parseInt(matcher.group(1)));
            }
            if (!Files.isSymbolicLink(at)) {
                break;
            }
            at = at.resolveSibling(Files.readSymbolicLink(at)).normalize();
        }
        return OptionalInt.empty();
    }

    /** Stays open when its user closes it: it is the process's. */
    private static final class Shared extends OutputStream {

        private final OutputStream shared;

        Shared(OutputStream shared) {
            this.shared = shared;
        }

        @Override
        public void write(int value) throws IOException {
            shared.write(value);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            shared.write(bytes, from, length);
        }
    }
}

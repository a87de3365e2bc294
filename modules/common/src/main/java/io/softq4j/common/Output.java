package io.softq4j.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides, for every command, what an output path may be. What is there already is replaced only if it is an earlier output of the same
 * command, known by its content, or if the user says so; what the command reads is never replaced. To be asked before long work. How a file
 * or directory then takes its place, {@link AtomicFiles} knows.
 *
 * @param path   where to, as the user gave it
 * @param inputs what the command reads
 * @param force  replace what is there, whatever it is, unless it is read
 */
public record Output(Path path, Inputs inputs, boolean force) {

    private static final int SHOWN = 5;
    private static final Pattern ANY = Pattern.compile(".*", Pattern.DOTALL);

    public Output {
        if (path.toString().isBlank()) {
            throw new UserError("the output path is empty; give a name. Is the variable that it comes from set? "
                    + "The current directory is .");
        }
    }

    /** A path that nothing was said about but its name. */
    public static Output at(Path path) {
        return new Output(path, Inputs.NONE, false);
    }

    /** This path, where what is there may go, whatever it is, but never what is read. */
    public Output forced() {
        return new Output(path, inputs, true);
    }

    /** This path, of a command that reads {@code more} too. */
    public Output reading(Inputs more) {
        return new Output(path, inputs.and(more), force);
    }

    /**
     * What a command has written before.
     *
     * @param what  as messages call it, such as "samples of softq generate"
     * @param known whether a file or directory is one; told what is there and not empty
     * @param names of what such a directory has in it; anything else was put there by someone, and would be lost with it
     */
    public record Earlier(String what, Predicate<Path> known, Pattern names) {

        /** For a command that never replaces anything unasked. */
        public static final Earlier NONE = new Earlier("", path -> false);

        /** A file, or a directory that is not replaced as a whole. */
        public Earlier(String what, Predicate<Path> known) {
            this(what, known, ANY);
        }
    }

    /** Whether {@code path} is a device, a pipe or the like: written into, so that nothing is replaced. */
    public boolean isStream() {
        return Sinks.isSink(path);
    }

    /**
     * Refuses a file that must not be replaced.
     *
     * @throws UserError saying why
     */
    public void requireFile(Earlier earlier) {
        if (Files.isDirectory(path)) {
            throw new UserError(path + " is a directory, and a file is to be written. Give the name of a file.");
        }
        requireNoInput(path);
        if (isStream()) {
            return;
        }
        requireNotFound(path);
        requireOutsideOfInputs();
        requireWritable(AtomicFiles.parent(AtomicFiles.target(path)));
        if (Files.exists(path) && !isEmptyFile(path) && !earlier.known.test(path)) {
            requireForce(path, "it is not " + earlier.what);
        }
    }

    /**
     * Refuses a directory that must not be replaced as a whole.
     *
     * @throws UserError saying why
     */
    public void requireDirectory(Earlier earlier) {
        requireNoFile();
        AtomicFiles.recover(path);
        requireNoInput(path);
        requireOutsideOfInputs();
        requireWritable(AtomicFiles.parent(AtomicFiles.target(path)));
        List<Path> there = entries(ANY);
        if (there.isEmpty()) {
            return;
        }
        List<String> strangers = strangers(there, earlier);
        if (!earlier.known.test(path)) {
            requireForce(path, "it is not empty" + (earlier == Earlier.NONE ? "" : " and holds no " + earlier.what));
            requireNobodysHome();
        } else if (!strangers.isEmpty()) {
            int more = strangers.size() - SHOWN;
            requireForced(path, String.join(", ", strangers.subList(0, Math.min(SHOWN, strangers.size()))) + (more > 0 ? " and " + more
                    + " more" : "")
                    + " in it " + (strangers.size() == 1 ? "is" : "are") + " not part of the " + earlier.what);
        }
    }

    /** What lies in an earlier output and was not written with it: entries of other names, and files that its manifest does not list. */
    private List<String> strangers(List<Path> there, Earlier earlier) {
        Stream<String> others = there.stream().map(file -> file.getFileName().toString()).filter(name -> !earlier.names.matcher(name)
                .matches());
        try {
            List<String> unlisted = Files.exists(path.resolve(FileManifest.FILE)) ? FileManifest.read(path).strangers(path) : List.of();
            return Stream.concat(others, unlisted.stream()).distinct().toList();
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    /**
     * Refuses a directory, entries of which must not be replaced; others in it stay, such as a log.
     *
     * @throws UserError saying why
     */
    public void requireEntries(Earlier earlier) {
        requireNoFile();
        List<Path> there = entries(earlier.names);
        there.forEach(this::requireNoInput);
        there.forEach(this::requireNotFound);
        requireNotRead();
        requireOutsideOfInputs();
        requireWritable(AtomicFiles.target(path).toAbsolutePath());
        if (!there.isEmpty() && !earlier.known.test(path)) {
            requireForce(there.get(0), path + " holds no " + earlier.what);
        }
    }

    /** What of such names {@code path} holds. */
    public List<Path> entries(Pattern names) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> names.matcher(file.getFileName().toString()).matches()).sorted().toList();
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    /** Deletes what of such names {@code path} holds, as forced. */
    public void clear(Pattern names) {
        for (Path entry : entries(names)) {
            try {
                AtomicFiles.delete(entry);
            } catch (IOException e) {
                throw new UserError("cannot delete " + entry + ": " + e.getMessage() + ". Check its permissions, or choose another "
                        + "output path.", e);
            }
        }
    }

    private void requireNoFile() {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UserError(path + " is " + (isStream() ? "no directory" : "a file")
                    + ", and a directory is to be written. Choose another directory.");
        }
    }

    /** A directory that is filled may hold what is read, but not be it. */
    private void requireNotRead() {
        for (Path input : inputs.paths()) {
            if (Files.isDirectory(path) && Files.isDirectory(input) && isSame(input)) {
                throw isRead(path, input);
            }
        }
        requireNotFound(path);
    }

    private boolean isSame(Path input) {
        try {
            return Files.isSameFile(path, input);
        } catch (IOException e) {
            throw cannotRead(e);
        }
    }

    private void requireNoInput(Path target) {
        inputs.lostWith(target).ifPresent(input -> {
            throw isRead(target, input);
        });
    }

    private static UserError isRead(Path target, Path input) {
        return new UserError(target + " cannot be written: it is, or holds, " + input + ", which is read. Choose another output path.");
    }

    /** What is written into a directory that is read makes it another one. */
    private void requireOutsideOfInputs() {
        inputs.reading(path).ifPresent(input -> {
            throw new UserError(path + " cannot be written: it lies in " + input + ", which is read. Choose another output path.");
        });
    }

    /** What lies in a corpus becomes part of it. */
    private void requireNotFound(Path target) {
        inputs.finding(target).ifPresent(spec -> {
            throw new UserError(target + " cannot be written: it lies in the corpus " + spec
                    + " and would be read as a part of it the next time. "
                    + "Choose another output path.");
        });
    }

    private void requireForced(Path target, String why) {
        if (!force) {
            throw new UserError(target + " would be replaced, but " + why + ". Choose another output path, move it away, or give --force "
                    + "to replace it.");
        }
    }

    /** For what is no output of ours: it may be a part of what holds an input, which even force leaves alone. */
    private void requireForce(Path target, String why) {
        requireForced(target, why);
        Optional<Path> around = inputs.owning(target);
        if (around.isPresent()) {
            throw new UserError(target + " is not replaced, not even with --force: it belongs to " + around.get()
                    + ", which is read. Choose another output path.");
        }
    }

    /** A slip with --force must not cost everything. */
    private void requireNobodysHome() {
        for (String place : List.of(System.getProperty("user.dir", ""), System.getProperty("user.home", ""))) {
            if (!place.isEmpty() && Inputs.of(Path.of(place)).lostWith(path).isPresent()) {
                throw new UserError(path + " is not replaced, not even with --force: " + place
                        + " lies there. Choose another output path.");
            }
        }
    }

    private static boolean isEmptyFile(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage() + ". Check its permissions.", e);
        }
    }

    /** Better now than after hours of work. */
    private void requireWritable(Path directory) {
        Path existing = directory;
        for (Path above = existing; above != null && !Files.exists(existing); above = above.getParent()) {
            existing = above;
        }
        if (!Files.isDirectory(existing)) {
            throw new UserError("cannot write " + path + ": " + existing + " is a file and no directory. Choose another output path.");
        }
        if (!Files.isWritable(existing)) {
            throw new UserError("cannot write " + path + ": no permission to write to " + existing + ". Choose another output path.");
        }
    }

    private UserError cannotRead(IOException e) {
        return new UserError("cannot read " + path + ": " + e.getMessage() + ". Check its permissions.", e);
    }
}

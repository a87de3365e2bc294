package io.softq4j.common;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {

    private static final Output.Earlier FILE = new Output.Earlier("poem by softq", OutputTest::isPoem);
    private static final Output.Earlier DIRECTORY = new Output.Earlier("book by softq", path -> isPoem(path.resolve("poem.txt")),
            Pattern.compile("poem\\.txt|cover"));

    @TempDir
    private Path home;
    private Path mine;
    private Path ours;
    private Path book;

    private static boolean isPoem(Path file) {
        try {
            return Files.readString(file).startsWith("a poem");
        } catch (IOException e) {
            return false;
        }
    }

    @BeforeEach
    void make() throws IOException {
        mine = Files.writeString(home.resolve("mine.txt"), "a letter");
        ours = Files.writeString(home.resolve("ours.txt"), "a poem");
        book = Files.createDirectory(home.resolve("book"));
        Files.writeString(book.resolve("poem.txt"), "a poem");
    }

    private static String refused(Runnable check) {
        return assertThrows(UserError.class, check::run).getMessage();
    }

    private Output reading(Path path, Path... inputs) {
        return new Output(path, Inputs.of(inputs), true);
    }

    @Test
    void aFileIsReplacedOnlyIfItIsAnEarlierOutput() throws IOException {
        assertDoesNotThrow(() -> Output.at(home.resolve("new/deep.txt")).requireFile(FILE));
        assertDoesNotThrow(() -> Output.at(ours).requireFile(FILE));
        assertDoesNotThrow(() -> Output.at(Files.createFile(home.resolve("empty"))).requireFile(FILE));
        assertEquals(mine + " would be replaced, but it is not poem by softq. Choose another output path, move it away, or give --force "
                + "to replace it.",
                refused(() -> Output.at(mine).requireFile(FILE)));
        assertDoesNotThrow(() -> new Output(mine, Inputs.NONE, true).requireFile(FILE));
        assertEquals(book + " is a directory, and a file is to be written. Give the name of a file.",
                refused(() -> Output.at(book).requireFile(FILE)));
        assertEquals("cannot write " + mine.resolve("x") + ": " + mine + " is a file and no directory. Choose another output path.",
                refused(() -> Output.at(mine.resolve("x")).requireFile(FILE)));
    }

    @Test
    void aDirectoryIsReplacedOnlyIfAllOfItIsAnEarlierOutput() throws IOException {
        assertDoesNotThrow(() -> Output.at(home.resolve("new")).requireDirectory(DIRECTORY));
        assertDoesNotThrow(() -> Output.at(Files.createDirectory(home.resolve("empty"))).requireDirectory(DIRECTORY));
        assertDoesNotThrow(() -> Output.at(book).requireDirectory(DIRECTORY));
        assertTrue(refused(() -> Output.at(book).requireDirectory(Output.Earlier.NONE)).startsWith(book
                + " would be replaced, but it is not empty. "));
        assertTrue(refused(() -> Output.at(mine).requireDirectory(DIRECTORY)).startsWith(mine
                + " is a file, and a directory is to be written."));
        Path note = Files.writeString(book.resolve("note.txt"), "mine");
        assertEquals(book + " would be replaced, but note.txt in it is not part of the book by softq. Choose another output path, move it "
                + "away, or give "
                + "--force to replace it.", refused(() -> Output.at(book).requireDirectory(DIRECTORY)));
        assertDoesNotThrow(() -> new Output(book, Inputs.NONE, true).requireDirectory(DIRECTORY));
        Files.delete(note);
        Files.writeString(book.resolve("poem.txt"), "a letter");
        assertTrue(refused(() -> Output.at(book).requireDirectory(DIRECTORY)).startsWith(book
                + " would be replaced, but it is not empty and holds no book"));
    }

    @Test
    void forceNeverReplacesWhereTheUserStandsOrLives() {
        Path here = Path.of("").toAbsolutePath();
        String message = refused(() -> new Output(here.getParent(), Inputs.NONE, true).requireDirectory(DIRECTORY));
        assertTrue(message.startsWith(here.getParent() + " is not replaced, not even with --force: " + here + " lies there."), message);
        assertTrue(refused(() -> Output.at(Path.of("/")).requireDirectory(DIRECTORY)).contains("it is the root directory"));
    }

    @Test
    void entriesOfOtherNamesStay() throws IOException {
        Files.writeString(book.resolve("run.log"), "mine");
        assertDoesNotThrow(() -> Output.at(book).requireEntries(DIRECTORY));
        Files.writeString(book.resolve("poem.txt"), "a letter");
        assertTrue(refused(() -> Output.at(book).requireEntries(DIRECTORY)).startsWith(book.resolve("poem.txt") + " would be replaced, but "
                + book
                + " holds no book by softq. "));
        Files.delete(book.resolve("poem.txt"));
        assertDoesNotThrow(() -> Output.at(book).requireEntries(DIRECTORY));
    }

    @Test
    void whatIsReadIsNeverReplacedByAnyNameOfIt() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("link.txt"), mine);
        Path hard = Files.createLink(home.resolve("hard.txt"), mine);
        Path around = Files.createSymbolicLink(home.resolve("also-home"), home).resolve("book/../mine.txt");
        for (Path name : List.of(mine, link, hard, around, home.relativize(home).resolve(mine))) {
            assertTrue(refused(() -> reading(name, mine).requireFile(FILE)).startsWith(name + " cannot be written: it is, or holds, "
                    + mine), name.toString());
            assertTrue(refused(() -> reading(mine, name).requireFile(FILE)).startsWith(mine + " cannot be written: it is, or holds, "
                    + name), name.toString());
        }
        assertTrue(refused(() -> reading(home, mine).requireDirectory(DIRECTORY)).startsWith(home + " cannot be written: it is, or holds, "
                + mine));
        assertTrue(refused(() -> reading(book, book).requireEntries(DIRECTORY)).startsWith(book.toString()));
        assertTrue(refused(() -> reading(book, book.resolve("poem.txt")).requireEntries(DIRECTORY)).startsWith(book.resolve("poem.txt")
                + " cannot"));
        assertDoesNotThrow(() -> reading(book, mine).requireEntries(DIRECTORY));
    }

    @Test
    void nothingIsWrittenIntoADirectoryThatIsRead() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("book-too"), book);
        for (Path out : List.of(book.resolve("new"), book.resolve("deep/er/new"), link.resolve("new"))) {
            String expected = out + " cannot be written: it lies in " + book + ", which is read. Choose another output path.";
            assertEquals(expected, refused(() -> reading(out, book).requireFile(FILE)));
            assertEquals(expected, refused(() -> reading(out, book).requireDirectory(DIRECTORY)));
            assertEquals(expected, refused(() -> reading(out, book).requireEntries(DIRECTORY)));
        }
        Inputs shelf = Inputs.of(book.resolve("poem.txt")).within(book);
        assertDoesNotThrow(() -> new Output(book.resolve("new"), shelf, false).requireFile(FILE));
        assertTrue(refused(() -> new Output(book.resolve("poem.txt"), shelf, true).requireFile(FILE)).contains("which is read"));
        Path other = Files.writeString(book.resolve("other.txt"), "a letter");
        assertTrue(refused(() -> new Output(other, shelf, true).requireFile(FILE)).contains("it belongs to " + book));
    }

    @Test
    void filesThatTheManifestOfAnOutputDoesNotListAreNamed() throws IOException {
        Output.Earlier listed = new Output.Earlier("book by softq", path -> true);
        FileManifest.write(book);
        assertDoesNotThrow(() -> Output.at(book).requireDirectory(listed));
        Files.createDirectories(book.resolve("deep"));
        Files.writeString(book.resolve("deep/notes.md"), "mine");
        Files.writeString(book.resolve("all.md"), "mine");
        assertEquals(book + " would be replaced, but all.md, deep/notes.md in it are not part of the book by softq. Choose another output "
                + "path, move it "
                + "away, or give --force to replace it.", refused(() -> Output.at(book).requireDirectory(listed)));
        assertDoesNotThrow(() -> new Output(book, Inputs.NONE, true).requireDirectory(listed));
    }

    @Test
    void anEmptyNameIsNoOutput() {
        assertTrue(refused(() -> Output.at(Path.of(""))).startsWith("the output path is empty; give a name."));
    }

    @Test
    void anOutputWithinACorpusIsRefused() {
        Inputs directory = Inputs.NONE.andCorpus(List.of(book.toString()));
        String message = refused(() -> new Output(book.resolve("new.jsonl"), directory, true).requireFile(FILE));
        assertTrue(message.contains("it lies in the corpus " + book + " and would be read as a part of it the next time"), message);
        Inputs pattern = Inputs.NONE.andCorpus(List.of(home + "/*.jsonl"));
        assertTrue(refused(() -> new Output(home.resolve("new.jsonl"), pattern, true).requireFile(FILE)).contains("it lies in the corpus "
                + home));
        assertDoesNotThrow(() -> new Output(home.resolve("new.json"), pattern, true).requireFile(FILE));
    }

    @Test
    void streamsAreNoFilesToReplace() {
        assumeTrue(Files.exists(Path.of("/dev/null")), "no such devices here");
        for (String stream : List.of("/dev/null", "/dev/stdout", "/dev/stderr", "/proc/self/fd/1", "/dev/fd/2")) {
            assertTrue(Output.at(Path.of(stream)).isStream(), stream);
            assertDoesNotThrow(() -> Output.at(Path.of(stream)).requireFile(FILE));
        }
        assertEquals("/dev/null is no directory, and a directory is to be written. Choose another directory.",
                refused(() -> Output.at(Path.of("/dev/null")).requireDirectory(DIRECTORY)));
    }
}

package io.softq4j.data;

import io.softq4j.chat.ChatTemplates;
import io.softq4j.common.Mistakes;
import io.softq4j.data.read.CorpusFiles;
import io.softq4j.data.read.StandardInput;
import io.softq4j.tokens.huggingface.Tokenizers;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a preparation names and does not hold: files, and classes of the user's. Asked before anything is read of them. */
public final class DataNames {

    private DataNames() {
    }

    /** Finds out whether each of {@code filter.transforms} can be made. */
    public static void requireClasses(DataConfig data, Mistakes mistakes) {
        data.filter().transforms().forEach(name -> mistakes.check(() -> Pipeline.instance(name)));
    }

    /** Finds out whether corpora, chat template and tokenizer are there. */
    public static void requireFiles(DataConfig data, TokenizerConfig tokenizer, Mistakes mistakes) {
        Stream.of(data.train(), data.validation(), data.filter().decontaminate()).flatMap(List::stream).filter(file -> !file.equals(StandardInput.SPEC))
                .forEach(file -> mistakes.check(() -> CorpusFiles.find(List.of(file), data.format())));
        if (data.chatTemplate() != null && !ChatTemplates.names().contains(data.chatTemplate())) {
            mistakes.check(() -> RenderSpecs.source(data.chatTemplate()));
        }
        if (tokenizer.file() != null) {
            mistakes.check(() -> Tokenizers.load(Path.of(tokenizer.file())));
        }
    }
}

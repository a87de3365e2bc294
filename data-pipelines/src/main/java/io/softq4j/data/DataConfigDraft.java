package io.softq4j.data;

import io.softq4j.data.chat.TrainOn;
import io.softq4j.data.read.Format;
import io.softq4j.data.read.SampleBy;
import io.softq4j.data.render.Shape;
import io.softq4j.data.step.OverLength;
import io.softq4j.data.step.TruncationMode;
import java.util.List;
import java.util.Map;

/** A {@link DataConfig} while it is changed, see {@link DataConfig#with}. The fields are its components. */
public final class DataConfigDraft {

    public List<String> train;
    public List<String> validation;
    public double validationFraction;
    public double testFraction;
    public String splitBy;
    public List<Double> mixingWeights;
    public StoppingStrategy stoppingStrategy;
    public Format format;
    public SampleBy sampleBy;
    public OnError onError;
    public Shape shape;
    public Map<String, String> columns;
    public String prompt;
    public String response;
    public String system;
    public boolean applyChatTemplate;
    public String chatTemplate;
    public TrainOn trainOn;
    public int maxLength;
    public OverLength overLength;
    public TruncationMode truncationMode;
    public FilterConfig filter;
    public int examplesPerShard;
    public int numProc;

    DataConfigDraft(DataConfig from) {
        train = from.train();
        validation = from.validation();
        validationFraction = from.validationFraction();
        testFraction = from.testFraction();
        splitBy = from.splitBy();
        mixingWeights = from.mixingWeights();
        stoppingStrategy = from.stoppingStrategy();
        format = from.format();
        sampleBy = from.sampleBy();
        onError = from.onError();
        shape = from.shape();
        columns = from.columns();
        prompt = from.prompt();
        response = from.response();
        system = from.system();
        applyChatTemplate = from.applyChatTemplate();
        chatTemplate = from.chatTemplate();
        trainOn = from.trainOn();
        maxLength = from.maxLength();
        overLength = from.overLength();
        truncationMode = from.truncationMode();
        filter = from.filter();
        examplesPerShard = from.examplesPerShard();
        numProc = from.numProc();
    }

    DataConfig build() {
        return new DataConfig(train, validation, validationFraction, testFraction, splitBy, mixingWeights, stoppingStrategy, format, sampleBy, onError, shape,
                columns, prompt, response, system, applyChatTemplate, chatTemplate, trainOn, maxLength, overLength, truncationMode, filter,
                examplesPerShard, numProc);
    }
}

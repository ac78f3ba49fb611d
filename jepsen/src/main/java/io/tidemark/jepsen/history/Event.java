package io.tidemark.jepsen.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.List;

/**
 * One line of a history.
 *
 * @param index place in the history, from 0, without gaps
 * @param process who asked; a process whose call ended in {@link Type#INFO} never asks again under this number
 * @param type beginning or end of a call
 * @param f what was asked: {@code read}, {@code write}, {@code cas}, or the name of a nemesis
 * @param value {@code [key, value]}, for {@code cas} {@code [key, from, to]}; an absent value is null
 * @param version the {@code lsn.index} that the answer carried, or null
 * @param error why a call failed or stayed unclear, or null
 * @param timeNanos monotonic nanoseconds since the recorder began
 */
public record Event(
        long index,
        int process,
        Type type,
        String f,
        List<String> value,
        @JsonInclude(JsonInclude.Include.NON_NULL) String version,
        @JsonInclude(JsonInclude.Include.NON_NULL) String error,
        long timeNanos) {

    /** Process number of all nemeses. */
    public static final int NEMESIS = -1;

    /** Copies the value, which may hold nulls. */
    public Event {
        value = value == null ? List.of() : Collections.unmodifiableList(new java.util.ArrayList<>(value));
    }

    /** Beginning and the three ends of a call; written in lower case. */
    public enum Type {
        /** A call begins. */
        @com.fasterxml.jackson.annotation.JsonProperty("invoke")
        INVOKE,
        /** It was done, and the value is what was seen or written. */
        @com.fasterxml.jackson.annotation.JsonProperty("ok")
        OK,
        /** It was certainly not done. */
        @com.fasterxml.jackson.annotation.JsonProperty("fail")
        FAIL,
        /** It may have been done, or may still be. */
        @com.fasterxml.jackson.annotation.JsonProperty("info")
        INFO
    }
}

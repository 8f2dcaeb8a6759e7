/**
 * What only the whole program can show. It is one file for mocha, because one process then records each stage once for all of
 * these. What a part or a service does by itself is in its own test.
 */
import "./program/alarms";
import "./program/environments";
import "./program/events";
import "./program/resources";
import "./program/roles";
import "./program/stages";
import "./program/state-machines";

import { createBackend } from '@org/tls-pure';
import { describeFleet } from './trial/short-trial.ts';

describeFleet('pure', createBackend());

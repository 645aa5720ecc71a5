import { createBackend } from '@org/tls-native';
import { describeFleet } from './trial/short-trial.ts';

describeFleet('native', createBackend());

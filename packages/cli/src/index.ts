export { EXIT, exitCodeOf } from './exit-code.ts';
export { program } from './program.ts';

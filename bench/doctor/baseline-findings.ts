import type { Facts } from './facts.js';
import type { Finding } from './finding.js';

/** Other implementations to compare with, all optional. */
export function baselineFindings({ onnxRuntime, tfjsWebgpu, tfjsNodeGpu, nvidiaDriver }: Facts): Finding[] {
  const onnx = { id: 'onnxruntime-node', title: 'Baseline ONNX Runtime' };
  const findings: Finding[] = [];
  if (onnxRuntime.version === null)
    findings.push({
      ...onnx,
      status: 'absent',
      detail: 'not installed',
      remedy: ['npm install --no-save --ignore-scripts onnxruntime-node@1.30.0'],
    });
  else if (onnxRuntime.providers === null)
    findings.push({
      ...onnx,
      status: 'warn',
      detail: `${onnxRuntime.version} does not load: ${onnxRuntime.error}`,
      remedy: ['npm ci'],
    });
  else {
    const detail = `${onnxRuntime.version}: ${onnxRuntime.providers.join(', ')}`;
    findings.push({ ...onnx, status: 'ok', detail, remedy: [] });
    if (!onnxRuntime.providers.includes('cuda')) {
      const why = nvidiaDriver === null ? ' (it needs an NVIDIA card)' : '';
      findings.push({
        id: 'onnxruntime-cuda',
        title: 'Baseline ONNX Runtime CUDA',
        status: 'absent',
        detail: `the CUDA provider is not downloaded${why}`,
        remedy:
          nvidiaDriver === null
            ? []
            : ['ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild --ignore-scripts=false onnxruntime-node'],
      });
    }
  }
  const tfjs = { id: 'tfjs-webgpu', title: 'Baseline TensorFlow.js' };
  if (tfjsWebgpu !== null)
    findings.push({ ...tfjs, status: 'ok', detail: `tfjs-backend-webgpu ${tfjsWebgpu}`, remedy: [] });
  else
    findings.push({
      ...tfjs,
      status: 'absent',
      detail: 'not installed',
      remedy: ['npm install --no-save @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0'],
    });
  const tensorflow = { id: 'tfjs-node-gpu', title: 'Baseline TensorFlow (CUDA)' };
  if (tfjsNodeGpu !== null)
    findings.push({ ...tensorflow, status: 'ok', detail: `@tensorflow/tfjs-node-gpu ${tfjsNodeGpu}`, remedy: [] });
  else
    findings.push({
      ...tensorflow,
      status: 'absent',
      detail:
        '@tensorflow/tfjs-node-gpu is not installed; it downloads libtensorflow and needs CUDA 11.2, cuDNN 8.1 and Node before 23',
      remedy:
        nvidiaDriver === null ? [] : ['npm install --no-save --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0'],
    });
  return findings;
}

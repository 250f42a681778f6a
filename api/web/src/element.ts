// The parts of Element Plus that the pages use, each with its style.
import 'element-plus/es/components/alert/style/css'
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import 'element-plus/es/components/tag/style/css'

export { ElAlert } from 'element-plus/es/components/alert/index.mjs'
export { ElButton } from 'element-plus/es/components/button/index.mjs'
export { ElMessage } from 'element-plus/es/components/message/index.mjs'
export { ElMessageBox } from 'element-plus/es/components/message-box/index.mjs'
export { ElTag } from 'element-plus/es/components/tag/index.mjs'
